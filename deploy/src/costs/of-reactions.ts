import type { ReactionsOnLambda } from '../environment.ts'
import { assumptions } from './assumptions.ts'
import { type CostLine, costLine, sumOf } from './cost-line.ts'
import { prices } from './prices.ts'

const MONTH_SECONDS = assumptions.hoursAMonth * 3600
const RINGS = MONTH_SECONDS / 60
/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MIB_A_CORE = 1769

/** Of an environment in which nobody buys: the schedule alone. */
export function reactionsOfAMonth({ of, memoryMiB }: ReactionsOnLambda): readonly CostLine[] {
  return functionMonth(0, memoryMiB).map(({ what, quantity, price }) =>
    costLine(what, quantity * of.length, price),
  )
}

/** One subgraph's function, for so many orders a month that come at random. */
export function functionMonth(orders: number, memoryMiB: number): readonly CostLine[] {
  const { functionQueueRequests, functionPollsAMonth } = assumptions
  const share = busyShare(orders)
  const busy = share * MONTH_SECONDS
  const idle = (1 - share) * RINGS * assumptions.functionSecondsIdle
  const runs = RINGS + Math.min(orders, MONTH_SECONDS / assumptions.functionSecondsAnOrder)
  return [
    costLine('Lambda, reactions', ((busy + idle) * memoryMiB) / 1024, prices.functionSecond),
    costLine('Lambda, calls', runs / 1e6, prices.functionCall),
    costLine('SQS, for Lambda', (runs * functionQueueRequests + functionPollsAMonth) / 1e6, prices.queue),
  ]
}

/** Orders overlap: one that comes while the function is up for another costs no more than the time it adds. */
function busyShare(orders: number): number {
  return 1 - Math.exp((-orders * assumptions.functionSecondsAnOrder) / MONTH_SECONDS)
}

/** The core and memory of such a function, running all the time. */
export function sameOnFargate(memoryMiB: number): number {
  const hours = assumptions.hoursAMonth
  return hours * ((memoryMiB / MIB_A_CORE) * prices.core.dollars + (memoryMiB / 1024) * prices.memory.dollars)
}

/** From so many orders a month on, Fargate is cheaper. */
export function monthsOrdersAtPar(memoryMiB: number): number {
  let [low, high] = [0, 10_000_000]
  while (high - low > 100) {
    const middle = (low + high) / 2
    if (sumOf(functionMonth(middle, memoryMiB)) < sameOnFargate(memoryMiB)) low = middle
    else high = middle
  }
  return low
}
