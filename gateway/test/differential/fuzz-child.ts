import { emptyReport, runCases } from './report.ts'

/** Runs graphs for whoever started this process: the native planner ends the whole process when it panics. */
export interface Order {
  readonly seed: number
  /** The first case; those before were run. */
  readonly from: number
  readonly to: number
}

let unhandled = 0
process.on('unhandledRejection', () => {
  unhandled += 1
})

process.on('message', async (order: Order) => {
  const begin = (index: number): void => void process.send?.({ begin: index })
  // A graph that cannot be composed has no cases.
  const report = await runCases({ ...order, begin }).catch((reason: unknown) => ({
    ...emptyReport(),
    crashes: [`${order.seed} ${String(reason)}`],
  }))
  process.send?.({ report: { ...report, unhandled } })
})
