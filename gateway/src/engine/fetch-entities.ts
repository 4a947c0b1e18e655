import type { EntityBatch, EntityFetchNode } from '../planner/plan.ts'
import type { GraphError } from '../refusal.ts'
import { askSubgraph, type SubgraphAnswer, unusable } from './ask-subgraph.ts'
import { type DataPath, isObject, type Target } from './data.ts'
import type { PlacedError } from './error-book.ts'
import { pickVariables } from './fetch-root.ts'
import { type Gathered, gatherEntities } from './gather-entities.ts'
import { mergeInto } from './merge.ts'
import { providedKeys } from './provided-keys.ts'
import { renamedPath, rewritten } from './rewrites.ts'
import type { Run } from './run-plan.ts'

/** Fetches more fields of entities already in the data, each different entity once, and merges them in. */
export async function fetchEntities(run: Run, node: EntityFetchNode): Promise<void> {
  const asked = node.batches.map((batch) => ({ batch, gathered: gatherEntities(run, node, batch) }))
  if (asked.every(({ gathered }) => gathered.representations.length === 0)) return
  const variables = pickVariables(run.request.variables, node.variables)
  for (const { batch, gathered } of asked) variables[batch.representationsVariable] = gathered.representations
  const answer = await askSubgraph(run, node, variables)
  const takings = asked.map(({ batch, gathered }) => ({ run, node, batch, gathered, answer }))
  for (const taking of takings) takeBatch(taking)
  const { whole } = answer
  if (whole) run.book.mention(whole, takings.flatMap(pathsOf))
}

interface Taking {
  readonly run: Run
  readonly node: EntityFetchNode
  readonly batch: EntityBatch
  readonly gathered: Gathered
  readonly answer: SubgraphAnswer
}

function takeBatch(taking: Taking): void {
  const { run, batch, gathered, answer } = taking
  const errors = answer.placed.filter(({ path }) => path[0] === batch.key)
  for (const placed of errors) placeError(taking, placed)
  if (answer.whole) missAll(taking, gathered.targets.flat(), answer.whole)
  const entities = isObject(answer.data) ? answer.data[batch.key] : undefined
  if (Array.isArray(entities) && entities.length === gathered.representations.length)
    gathered.targets.forEach((targets, i) => void takeEntity(taking, targets, entities[i]))
  else if (!answer.whole && errors.length === 0) {
    const error = unusable(run)
    missAll(taking, gathered.targets.flat(), error)
    run.book.mention(error, pathsOf(taking))
  }
}

function takeEntity(taking: Taking, targets: readonly Target[], found: unknown): void {
  const { run, batch } = taking
  const types = run.parts.possibleTypes
  const entity = rewritten(found, batch.outputRewrites, types)
  if (isObject(entity)) for (const target of targets) mergeInto(target.object, entity, types)
  // Null is an entity that the subgraph does not know.
  else if (entity !== null) missAll(taking, targets, unusable(run))
}

/** `_entities, i, …` is wherever the i-th representation came from; without more, the whole entity is missing. */
function placeError(taking: Taking, { error, path }: PlacedError): void {
  const [, index, ...rest] = path
  const targets = typeof index === 'number' ? taking.gathered.targets[index] : undefined
  if (!targets || rest.length === 0) {
    missAll(taking, targets ?? taking.gathered.targets.flat(), error)
    taking.run.book.mention(error, pathsOf(taking))
    return
  }
  const inner = renamedPath(rest, taking.batch.outputRewrites)
  for (const target of targets) taking.run.book.place(error, [...target.path, ...inner])
}

/** One entity's fields are enough to say where an error belongs that nothing has shown. */
function pathsOf({ node, batch, gathered }: Taking): readonly DataPath[] {
  const [first] = gathered.targets.flat()
  if (!first) return []
  const keys = providedKeys(node.operation, batch.outputRewrites, batch.key)
  return Array.from(keys, (key) => [...first.path, key])
}

function missAll({ run, node, batch }: Taking, targets: readonly Target[], error: GraphError): void {
  const keys = providedKeys(node.operation, batch.outputRewrites, batch.key)
  for (const target of targets) run.book.miss(target.object, keys, error)
}
