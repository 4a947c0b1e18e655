import { describe } from '@jest/globals'
import { archiveContract } from './bus/archive.contract.ts'
import type { BusContract } from './bus/bench.contract.ts'
import { closingContract, reopeningContract } from './bus/closing.contract.ts'
import { deadLetterContract } from './bus/dead-letters.contract.ts'
import { deliveryContract } from './bus/delivery.contract.ts'
import { followContract } from './bus/follow.contract.ts'
import { orderContract } from './bus/order.contract.ts'
import { retryContract } from './bus/retry.contract.ts'

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
