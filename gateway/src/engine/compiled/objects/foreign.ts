import { DEVIATION } from '../deviation.ts'

/*
 * What subgraphs in this process give is foreign: it may be of any form, and may change after it was given. Only own
 * members are read, and nothing of it is kept but what cannot change.
 */

/** The object as one whose members are its own: for JSON and answers of graphql-js it is the object itself. */
export function ownMembers(value: object): object {
  if (Array.isArray(value)) throw DEVIATION
  return Object.assign(Object.create(null), value)
}

/** A member with a name that every object inherits something by: `constructor`, `toString`. */
export function ownMember(object: object, key: string): unknown {
  // Any object may be asked for any key; what it answers is not trusted.
  return Object.hasOwn(object, key) ? (object as Readonly<Record<string, unknown>>)[key] : undefined
}

/** A value as JSON would bring it, which nobody else holds. */
export function held(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      if (!Number.isFinite(value)) throw DEVIATION
      return value
    case 'object':
      return value === null ? null : throughJson(value)
    default:
      throw DEVIATION
  }
}

function throughJson(value: object): unknown {
  try {
    return JSON.parse(JSON.stringify(value))
  } catch {
    // It has no JSON: it contains itself, or is none.
    throw DEVIATION
  }
}

/** Keys of an object that is needed whole, and of those in it. */
export type Pick = readonly (readonly [key: string, inner: Pick | null])[]

/** The same of an object, or a list of them, with these members alone. */
export function picked(value: unknown, keys: Pick): unknown {
  if (value === null) return null
  if (Array.isArray(value)) return value.map((item) => picked(item, keys))
  if (typeof value !== 'object') throw DEVIATION
  const copy = Object.create(null)
  for (const [key, inner] of keys) {
    const member = ownMember(value, key)
    copy[key] = inner ? picked(member, inner) : held(member)
  }
  return copy
}

/** What names an entity, so that no two different ones are the same key of a map. Strings stay as they are. */
export function keyOf(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) return JSON.stringify(value)
  return typeof value === 'string' && LIKE_JSON.includes(value.charAt(0)) ? `"${value}` : value
}

const LIKE_JSON = ['{', '[', '"']

/** The same as text in which no part can be mistaken for another when several stand in a row. */
export function nameOf(value: unknown): string {
  if (typeof value === 'string') return `${value.length}:${value}`
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : `#${String(value)};`
}
