import { describe } from '@jest/globals'
import type { EventStore } from './event-store.ts'
import { feedContract, reopeningContract } from './store/contract/feed.contract.ts'
import { limitsContract } from './store/contract/limits.contract.ts'
import { modelContract } from './store/contract/model.contract.ts'
import { rowsContract } from './store/contract/rows.contract.ts'
import { sizesContract } from './store/contract/sizes.contract.ts'
import { streamsContract } from './store/contract/streams.contract.ts'

/** One engine as the contract suite drives it. */
export interface StoreBench extends AsyncDisposable {
  readonly store: EventStore
  /** Closes the store and opens the same data again; only where it outlives its process. */
  reopen?(): Promise<EventStore>
}

export interface StoreContract {
  readonly name: string
  /** A fresh, empty store. */
  readonly open: () => Promise<StoreBench>
  /** Whether data outlives the process. */
  readonly durable: boolean
  /** How many random histories are compared with the model. Default 60. */
  readonly runs?: number
}

/** What every engine of the event store must satisfy, `TableStore` included. */
export function eventStoreContract(contract: StoreContract): void {
  describe(`${contract.name} keeps the event store's contract`, () => {
    streamsContract(contract.open)
    rowsContract(contract.open)
    limitsContract(contract.open)
    sizesContract(contract.open)
    feedContract(contract.open)
    if (contract.durable) reopeningContract(contract.open)
    modelContract(contract.open, contract.runs ?? 60)
  })
}
