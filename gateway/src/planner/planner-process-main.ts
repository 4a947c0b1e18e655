import { enableCompileCache } from 'node:module'
import type { LocalPlanner } from './planner.ts'
import type { Planned, ToPlan } from './planner-process.ts'

enableCompileCache()
let planner: LocalPlanner | undefined

const { openPlanner } = await import('./planner.ts')
// Whoever started this process sends nothing else.
process.on('message', (asked: ToPlan) => {
  if ('supergraph' in asked) planner = openPlanner(asked.supergraph)
  else process.send?.(plan(asked))
})
process.on('disconnect', () => process.exit())

/** As text, which is read faster than a copied object. */
function plan({ id, document, labels, percentage }: Extract<ToPlan, { id: number }>): Planned {
  try {
    return { id, text: JSON.stringify(planner?.plan(document, { labels: new Set(labels), percentage })) }
  } catch (reason) {
    return { id, reason: String(reason) }
  }
}
