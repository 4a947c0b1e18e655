import {
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import type { GraphError } from '../refusal.ts'
import { graphError } from '../refusal.ts'
import { collectFields, type FieldGroup } from './collect-fields.ts'
import { completeLeaf } from './complete-leaf.ts'
import { type DataObject, emptyObject, isObject } from './data.ts'
import type { AnswerParts, PlannedOperation } from './engine.ts'
import { introspect } from './introspection.ts'
import { createPlaces, keysOf, type Path, type Places, placeMentioned } from './places.ts'
import type { Run } from './run-plan.ts'

/** Makes the answer out of everything that was fetched: the client's fields, in its order, under its schema's rules. */
export function projectAnswer(run: Run & { readonly planned: PlannedOperation }): AnswerParts {
  const { planned, parts, root } = run
  const { variables } = run.request
  const type = parts.schema.getRootType(planned.operation.operation)
  const { fragments, operation, shownKeys } = planned
  const collect = { fragments, types: parts.possibleTypes, variables, shownKeys }
  const fields = type ? collectFields(collect, [operation.selectionSet], type.name) : []
  const asked = { collect, root: operation.selectionSet, data: root }
  const projection: Projection = {
    schema: parts.schema,
    planned,
    variables,
    places: createPlaces(run.book.placed, asked),
    reasonFor: run.book.reasonFor,
    errors: [],
    shown: new Set(),
  }
  const data = type
    ? completeObject(projection, { type, value: root, fields, path: undefined, reason: undefined })
    : null
  const unshown = placeMentioned(run.book.unshown(projection.shown), asked)
  const errors = [...projection.places.visible, ...projection.errors, ...unshown]
  return { data: isObject(data) ? data : null, errors: errors.slice(0, parts.maxErrors) }
}

export interface Projection {
  readonly schema: GraphQLSchema
  readonly planned: PlannedOperation
  readonly variables: Readonly<Record<string, unknown>>
  readonly places: Places
  readonly reasonFor: (object: DataObject, key: string) => GraphError | undefined
  readonly errors: GraphError[]
  /** Reasons that were shown at some place. */
  readonly shown: Set<GraphError>
  /** Told of each object that is made. */
  readonly note?: (answer: DataObject, place: ObjectPlace) => void
}

/** Some fields of one object; undefined when a null travels up to it. */
export function completeFields(projection: Projection, place: ObjectPlace): DataObject | undefined {
  const data = completeObject(projection, place)
  return isObject(data) ? data : undefined
}

/** A null that is explained already. */
const ERROR = Symbol('null with an error')
/** No value where there must be one: the object around it becomes null. */
const BUBBLE = Symbol('null to hand up')

interface Place {
  readonly group: FieldGroup
  readonly path: Path
  /** `User.name`, for messages. */
  readonly coordinate: () => string
  /** Why something may be missing here or below: several subgraphs may tell of one object, and one of them failed. */
  readonly reason: GraphError | undefined
}

export interface ObjectPlace {
  readonly type: GraphQLObjectType
  readonly value: DataObject
  readonly fields: readonly FieldGroup[]
  readonly path: Path | undefined
  readonly reason: GraphError | undefined
}

function completeObject(projection: Projection, place: ObjectPlace): unknown {
  const answer = emptyObject()
  for (const group of place.fields) {
    const value = completeField(projection, place, group)
    if (value === BUBBLE) return ERROR
    answer[group.shownKey] = value === ERROR ? null : value
  }
  projection.note?.(answer, place)
  return answer
}

function completeField(
  projection: Projection,
  { type, value, path, reason }: ObjectPlace,
  group: FieldGroup,
): unknown {
  if (group.name === '__typename') return type.name
  if (group.name === '__schema' || group.name === '__type') return introspect(projection, group.nodes)
  const field = type.getFields()[group.name]
  // Validation let no other field through.
  if (!field) return null
  const place: Place = {
    group,
    path: { before: path, key: group.shownKey },
    coordinate: () => `${type.name}.${field.name}`,
    reason: projection.reasonFor(value, group.key) ?? reason,
  }
  const found = value[group.key]
  if (found === undefined) return explainMissing(projection, field.type, place)
  return complete(projection, field.type, { ...place, value: found })
}

function explainMissing(projection: Projection, type: GraphQLOutputType, place: Place): unknown {
  const { reason } = place
  if (!reason) return complete(projection, type, { ...place, value: null })
  projection.shown.add(reason)
  projection.errors.push({ ...reason, path: keysOf(place.path) })
  return isNonNullType(type) ? BUBBLE : ERROR
}

interface Found extends Place {
  readonly value: unknown
}

function complete(projection: Projection, type: GraphQLOutputType, found: Found): unknown {
  if (isNonNullType(type)) return requireValue(projection, complete(projection, type.ofType, found), found)
  if (found.value === null || found.value === undefined) return null
  if (isListType(type)) return completeList(projection, type.ofType, found)
  if (isLeafType(type)) return completeLeaf(type, found.value) ?? invalid(projection, type.name, found)
  if (!isObject(found.value)) return invalid(projection, type.name, found)
  const concrete = isAbstractType(type) ? concreteType(projection.schema, type, found.value) : type
  if (!concrete) return invalid(projection, type.name, found)
  const fields = found.group.fieldsOf(concrete.name)
  const { value, path, reason } = found
  return completeObject(projection, { type: concrete, value, fields, path, reason })
}

function requireValue(projection: Projection, value: unknown, found: Found): unknown {
  if (value === ERROR) return BUBBLE
  if (value !== null) return value
  if (projection.places.explains(found.path)) return BUBBLE
  const message = `Cannot return null for non-nullable field ${found.coordinate()}.`
  projection.errors.push({ ...graphError('NULL_NOT_ALLOWED', message), path: keysOf(found.path) })
  return BUBBLE
}

function completeList(projection: Projection, type: GraphQLOutputType, found: Found): unknown {
  if (!Array.isArray(found.value)) return invalid(projection, 'list', found)
  const items: unknown[] = []
  for (const [key, value] of found.value.entries()) {
    const item = complete(projection, type, { ...found, value, path: { before: found.path, key } })
    if (item === BUBBLE) return ERROR
    items.push(item === ERROR ? null : item)
  }
  return items
}

function concreteType(
  schema: GraphQLSchema,
  type: GraphQLAbstractType,
  value: DataObject,
): GraphQLObjectType | undefined {
  const typename = value['__typename']
  const concrete = typeof typename === 'string' ? schema.getType(typename) : undefined
  return isObjectType(concrete) && schema.isSubType(type, concrete) ? concrete : undefined
}

/** The value itself is not repeated: it may be one that is hidden from clients. */
function invalid(projection: Projection, expected: string, found: Found): typeof ERROR {
  const message = `Expected ${found.coordinate()} to be of type ${expected}, but the service behind it gave something else.`
  projection.errors.push({ ...graphError('VALUE_INVALID', message), path: keysOf(found.path) })
  return ERROR
}
