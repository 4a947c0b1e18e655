import type { EntityBatch, EntityFetchNode } from '../planner/plan.ts'
import type { DataObject, Target } from './data.ts'
import { locate } from './locate.ts'
import { providedKeys } from './provided-keys.ts'
import { buildRepresentation } from './representation.ts'
import { rewrite } from './rewrites.ts'
import type { Run } from './run-plan.ts'

/** Each different representation once, and all the places in the data that wait for it. */
export interface Gathered {
  readonly representations: readonly DataObject[]
  readonly targets: readonly (readonly Target[])[]
}

export function gatherEntities(run: Run, node: EntityFetchNode, batch: EntityBatch): Gathered {
  const types = run.parts.possibleTypes
  const { variables } = run.request
  const byText = new Map<string, { readonly value: DataObject; readonly targets: Target[] }>()
  const seen = new Set<DataObject>()
  for (const target of batch.paths.flatMap((path) => locate({ object: run.root, path: [] }, path, types))) {
    const made = buildRepresentation(target.object, batch.requires, { types, variables })
    if (made.kind === 'lacks') passOnReason(run, { node, batch, target, made })
    if (made.kind !== 'built' || seen.has(target.object)) continue
    seen.add(target.object)
    for (const change of batch.inputRewrites) rewrite(made.value, change, types)
    // The plan fills every representation in one order of keys, so equal entities give equal text.
    const text = JSON.stringify(made.value)
    const known = byText.get(text)
    if (known) known.targets.push(target)
    else byText.set(text, { value: made.value, targets: [target] })
  }
  const gathered = [...byText.values()]
  return {
    representations: gathered.map(({ value }) => value),
    targets: gathered.map(({ targets }) => targets),
  }
}

interface Lacking {
  readonly node: EntityFetchNode
  readonly batch: EntityBatch
  readonly target: Target
  readonly made: { readonly object: DataObject; readonly key: string }
}

/** What could not be asked for is missing for the same reason as what it needed. */
function passOnReason(run: Run, { node, batch, target, made }: Lacking): void {
  const reason = run.book.reasonFor(made.object, made.key)
  if (!reason) return
  run.book.miss(target.object, providedKeys(node.operation, batch.outputRewrites, batch.key), reason)
}
