import { type FieldNode, print } from 'graphql'
import { namedType } from '../../planner/named-type.ts'
import type { EntityBatch, Rewrite, RewriteSegment } from '../../planner/plan.ts'
import type { PossibleTypes } from '../../planner/possible-types.ts'
import { type CollectParts, collectFields, type FieldGroup } from '../collect-fields.ts'
import { NotCompiled } from './deviation.ts'

/**
 * One place in the answer for one concrete type: `users[].reviews[]` as `Review`. Its fields come in parts, the first
 * from the answer in which the object was found, each other from a sub-request for entities.
 */
export interface Place {
  readonly type: string
  /** Response keys from the root, for names in generated code. */
  readonly path: readonly string[]
  readonly parts: Part[]
}

/** What one sub-request tells of an object. */
export interface Part {
  readonly subgraph: string
  /** In the order in which the answer has them. */
  readonly fields: readonly SourceField[]
  /** Position of its sub-request among all of the operation. */
  readonly fetch: number
  /** Absent for what was not asked for as an entity. */
  readonly entity?: Attachment
}

/** Why and how a place's objects are asked for as entities. */
export interface Attachment {
  /** Position among all batches of the operation. */
  readonly batch: number
  readonly representation: readonly RepresentationField[]
}

/** One member of a representation: constant JSON, or the text of a field that is known by then. */
export type RepresentationField =
  | { readonly name: string; readonly json: string }
  | { readonly name: string; readonly part: number; readonly field: SourceField }

export interface SourceField {
  /** In the sub-request's answer. */
  readonly key: string
  /** In the data as the plan speaks of it. */
  readonly name: string
  readonly fieldName: string
  /** Field and arguments: two with the same answer have the same. */
  readonly signature: string
  /** Present for objects: the place of each type they may have. */
  readonly places: ReadonlyMap<string, Place> | undefined
}

export interface ShapeParts {
  readonly collect: CollectParts
  readonly subgraph: string
  readonly fetch: number
  /** Counts places, so that no operation makes too many of them. */
  readonly budget: { left: number }
}

interface At {
  readonly type: string
  readonly path: readonly string[]
  readonly renames: readonly Rename[]
}

interface Rename {
  readonly path: readonly RewriteSegment[]
  readonly to: string
}

/** The fields of an object as a sub-request's answer has them, with the places below. */
export function sourceFields(
  parts: ShapeParts,
  groups: readonly FieldGroup[],
  at: Omit<At, 'renames'> & { readonly rewrites: readonly Rewrite[] },
): readonly SourceField[] {
  const renames = at.rewrites.map((rewrite): Rename => {
    if (rewrite.kind === 'rename') return rewrite
    throw new NotCompiled('the plan sets values in an answer')
  })
  return fieldsAt(parts, groups, { ...at, renames })
}

function fieldsAt(parts: ShapeParts, groups: readonly FieldGroup[], at: At): readonly SourceField[] {
  const renames = at.renames.flatMap((rename) => onType(rename, at.type, parts.collect.types))
  return groups.map((group) => {
    const mine = renames.filter(({ path: [first] }) => first?.kind === 'key' && first.name === group.key)
    const below = mine.map(({ path, to }) => ({ path: path.slice(1), to }))
    const name = below.find(({ path }) => path.length === 0)?.to ?? group.key
    const [node] = group.nodes
    return {
      key: group.key,
      name,
      fieldName: group.name,
      signature: signatureOf(node),
      places: node.selectionSet
        ? placesBelow(parts, group, { type: at.type, path: [...at.path, name], renames: below })
        : undefined,
    }
  })
}

/** A rename whose next step is on a type is followed by objects of that type alone. */
function onType(rename: Rename, type: string, types: PossibleTypes): readonly Rename[] {
  const [first, ...rest] = rename.path
  if (first?.kind !== 'types') return [rename]
  return first.names.some((name) => types.satisfies(type, name)) ? [{ ...rename, path: rest }] : []
}

function placesBelow(parts: ShapeParts, group: FieldGroup, at: At): ReadonlyMap<string, Place> {
  const { types } = parts.collect
  const declared = namedType(types.fieldType(at.type, group.name))
  if (declared === undefined) throw new NotCompiled(`${at.type}.${group.name} is declared nowhere`)
  const places = types.objectTypes(declared).map((type): readonly [string, Place] => {
    if (parts.budget.left === 0) throw new NotCompiled('it has too many places of different types')
    parts.budget.left -= 1
    const fields = fieldsAt(parts, group.fieldsOf(type), { ...at, type })
    const { subgraph, fetch } = parts
    return [type, { type, path: at.path, parts: [{ subgraph, fetch, fields }] }]
  })
  return new Map(places)
}

function signatureOf(node: FieldNode): string {
  const given = (node.arguments ?? []).map((argument) => print(argument)).sort()
  return `${node.name.value}(${given.join()})`
}

/** What a batch tells of an entity of this type. */
export function entityFields(
  parts: ShapeParts,
  batch: EntityBatch,
  at: {
    readonly type: string
    readonly path: readonly string[]
    readonly sets: Parameters<typeof collectFields>[1]
  },
): readonly SourceField[] {
  const groups = collectFields(parts.collect, at.sets, at.type)
  return sourceFields(parts, groups, { type: at.type, path: at.path, rewrites: batch.outputRewrites })
}
