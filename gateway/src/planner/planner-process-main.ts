import { enableCompileCache } from 'node:module'
import type { FromPlanner, ToPlan, ToPlanner } from './planner-process-child.ts'

enableCompileCache()
const { openPlanner } = await import('./planner.ts')
let planner: ReturnType<typeof openPlanner> | undefined

// Whoever started this process sends nothing else.
process.on('message', (asked: ToPlanner) => {
  if ('supergraph' in asked) {
    planner = openPlanner(asked.supergraph)
    answer({ isReady: true })
  } else answer(plan(asked))
})
process.on('disconnect', () => process.exit())

function answer(message: FromPlanner): void {
  process.send?.(message)
}

/** As text, which is read faster than a copied object. */
function plan({ document, labels, percentage }: ToPlan): FromPlanner {
  try {
    return { text: JSON.stringify(planner?.plan(document, { labels: new Set(labels), percentage })) }
  } catch (reason) {
    return { reason: String(reason) }
  }
}
