import type { GraphQLObjectType } from 'graphql'
import type { CollectParts, FieldGroup } from '../engine/collect-fields.ts'
import { type DataObject, isObject } from '../engine/data.ts'
import type { PlannedOperation } from '../engine/engine.ts'
import type { PlacedError } from '../engine/error-book.ts'
import type { Path } from '../engine/places.ts'
import type { Run } from '../engine/run-plan.ts'
import type { GraphError } from '../refusal.ts'
import { createFieldParts, type FieldParts } from './field-parts.ts'
import { type Progress, startSteps } from './progress.ts'
import type { OperationInParts, Part } from './read-parts.ts'
import type { Step } from './steps.ts'

/** An operation made ready to be answered in parts; the same for all requests for it. */
export interface PlanInParts extends OperationInParts {
  /** The written-out operation, without conditions. */
  readonly planned: PlannedOperation
  readonly rootType: GraphQLObjectType
  readonly collect: CollectParts
  readonly groups: readonly FieldGroup[]
  readonly steps: readonly Step[]
}

/** One answer on its way. */
export interface Delivery {
  readonly plan: PlanInParts
  readonly run: Run
  readonly progress: Progress
  readonly fields: FieldParts
  /** Of each object that the client has, or is about to get: what it is made of. */
  readonly made: WeakMap<DataObject, Made>
  /** What the client waits for, the pieces of each part in the order of the answer. */
  readonly waiting: Map<Part, readonly Piece[]>
  /** Of which it was told of some. */
  readonly begun: Set<Part>
  /** How many pieces it was told of. */
  announced: number
  readonly mostPieces: number
  readonly shownReasons: Set<GraphError>
  readonly shownErrors: Set<PlacedError>
  /** How many more errors the answer may have. */
  errorsLeft: number
}

export interface Made {
  readonly type: GraphQLObjectType
  readonly value: DataObject
  /** Of all parts. */
  readonly groups: readonly FieldGroup[]
  readonly path: Path | undefined
  readonly reason: GraphError | undefined
}

/** One part in one place of the answer. */
export interface Piece {
  readonly part: Part
  readonly id: string
  /** As the client has it. */
  readonly object: DataObject
  readonly path: readonly (string | number)[]
}

export function startDelivery(run: Run, plan: PlanInParts, mostPieces: number): Delivery {
  return {
    plan,
    run,
    progress: startSteps(run, plan.steps),
    fields: createFieldParts(plan),
    made: new WeakMap(),
    waiting: new Map(),
    begun: new Set(),
    announced: 0,
    mostPieces,
    shownReasons: new Set(),
    shownErrors: new Set(),
    errorsLeft: run.parts.maxErrors,
  }
}

/**
 * Whether a part can be written: all is fetched for it, and for those within it that would be too many pieces and are
 * written with it instead.
 */
export function isReady(delivery: Delivery, part: Part): boolean {
  const { fields, progress } = delivery
  if (!progress.isDone(fields.maskOf(part))) return false
  joinTooMany(delivery, part)
  return progress.isDone(fields.maskOf(part))
}

function joinTooMany({ fields, begun, announced, mostPieces, run }: Delivery, part: Part): void {
  let left = mostPieces - announced
  const looking = [...fields.within(part)]
  for (let inner = looking.shift(); inner; inner = looking.shift()) {
    const count = countObjects(run.root, inner.path)
    if (count <= left || begun.has(inner)) left -= count
    else {
      const below = fields.within(inner)
      fields.joined.add(inner)
      looking.push(...below)
    }
  }
}

function countObjects(value: unknown, path: readonly string[]): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + countObjects(item, path), 0)
  if (!isObject(value)) return 0
  const [key, ...rest] = path
  return key === undefined ? 1 : countObjects(value[key], rest)
}

/** The objects in a value of the answer, through lists. */
export function objectsIn(value: unknown): readonly DataObject[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn)
  return isObject(value) ? [value] : []
}
