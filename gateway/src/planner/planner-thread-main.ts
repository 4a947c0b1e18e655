import { enableCompileCache } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import type { Planned, ToPlan } from './planner-thread.ts'

enableCompileCache()
const { openPlanner } = await import('./planner.ts')
// Whoever starts this thread gives it the text of a supergraph.
const planner = openPlanner(String(workerData))

parentPort?.on('message', (asked: ToPlan) => parentPort?.postMessage(plan(asked)))

/** As text, which is read faster than a copied object. */
function plan({ id, document, overrides }: ToPlan): Planned {
  try {
    return { id, text: JSON.stringify(planner.plan(document, overrides)) }
  } catch (reason) {
    return { id, reason: String(reason) }
  }
}
