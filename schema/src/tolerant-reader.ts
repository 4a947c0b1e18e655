import {
  type GraphQLInputField,
  type GraphQLInputType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql'

/** Copies what its type declares and leaves out the rest. */
export type Reader = (value: unknown) => unknown

export interface ReaderOptions {
  /** Throw on the first thing that is not as declared; otherwise copy wrong values as they are. */
  readonly check: boolean
  /** Readers by type name, shared between calls; one map per value of `check`. */
  readonly known: Map<string, Reader>
}

/**
 * A reader for an input type, made once and called for every event. Unknown fields and nulls are left out,
 * so that a producer may add fields before its consumers know them.
 *
 * @NOTE A checking reader takes a twentieth of the time of `coerceInputValue`, because it tracks no path.
 * What it refuses, `coerceInputValue` explains.
 */
export function createReader(type: GraphQLInputType, options: ReaderOptions): Reader {
  if (isNonNullType(type)) return createReader(type.ofType, options)
  if (isListType(type)) return listReader(type.ofType, options)
  if (!isInputObjectType(type)) return options.check ? (value) => type.parseValue(value) : (value) => value
  const before = options.known.get(type.name)
  if (before) return before
  const fields: FieldReader[] = []
  const reader = objectReader(fields, options.check)
  // Registered before its fields are looked at, because a type may contain itself.
  options.known.set(type.name, reader)
  for (const field of Object.values(type.getFields())) fields.push(fieldReader(field, options))
  return reader
}

interface FieldReader {
  readonly name: string
  readonly required: boolean
  readonly read: Reader
}

function fieldReader(field: GraphQLInputField, options: ReaderOptions): FieldReader {
  const required = options.check && isNonNullType(field.type)
  return { name: field.name, required, read: createReader(field.type, options) }
}

function listReader(item: GraphQLInputType, options: ReaderOptions): Reader {
  const required = options.check && isNonNullType(item)
  const read = createReader(item, options)
  return (value) => {
    if (!Array.isArray(value)) return options.check ? misfit() : value
    return value.map((element) =>
      element === null || element === undefined ? absent(required) : read(element),
    )
  }
}

function objectReader(fields: readonly FieldReader[], check: boolean): Reader {
  return (value) => {
    if (isRecord(value)) return copyDeclared(fields, value)
    return check ? misfit() : value
  }
}

function copyDeclared(fields: readonly FieldReader[], value: Readonly<Record<string, unknown>>): unknown {
  const copy: Record<string, unknown> = {}
  for (const { name, required, read } of fields) {
    const field = value[name]
    if (field !== undefined && field !== null) copy[name] = read(field)
    else if (required) misfit()
  }
  return copy
}

function absent(required: boolean): null {
  return required ? misfit() : null
}

const MISFIT: Error = new Error('Not as declared.')

function misfit(): never {
  throw MISFIT
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
