import { describe } from '@jest/globals'
import { archiveContract } from './bus/contract/archive.contract.ts'
import type { BusContract } from './bus/contract/bench.contract.ts'
import { closingContract, reopeningContract } from './bus/contract/closing.contract.ts'
import { deadLetterContract } from './bus/contract/dead-letters.contract.ts'
import { deliveryContract } from './bus/contract/delivery.contract.ts'
import { followContract } from './bus/contract/follow.contract.ts'
import { orderContract } from './bus/contract/order.contract.ts'
import { retryContract } from './bus/contract/retry.contract.ts'

/** What every engine of the event bus must satisfy. */
export function eventBusContract(contract: BusContract): void {
  describe(`${contract.name} keeps the event bus's contract`, () => {
    deliveryContract(contract)
    retryContract(contract)
    deadLetterContract(contract)
    archiveContract(contract)
    followContract(contract)
    orderContract(contract)
    closingContract(contract)
    if (contract.durable) reopeningContract(contract)
  })
}
