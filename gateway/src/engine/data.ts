/** Objects of an answer have no prototype, so that no key a subgraph sends can reach one. */
export interface DataObject {
  [key: string]: unknown
}

/** Keys and list positions from the root of the answer. */
export type DataPath = readonly (string | number)[]

/** An object in the data so far, and where it stands. */
export interface Target {
  readonly object: DataObject
  readonly path: DataPath
}

export function emptyObject(): DataObject {
  return Object.create(null)
}

export function isObject(value: unknown): value is DataObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A copy that is ours alone: subgraphs in this process may keep what they gave. */
export function adopt(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(adopt)
  if (!isObject(value)) return value
  const copy = emptyObject()
  for (const key of Object.keys(value)) if (key !== '__proto__') copy[key] = adopt(value[key])
  return copy
}
