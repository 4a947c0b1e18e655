interface Answer {
  readonly data?: unknown
  readonly errors?: readonly { readonly path?: readonly (string | number)[] | undefined }[] | undefined
}

/**
 * An answer as two engines must agree on it: the data with its order, and the places where errors left a null. How
 * many errors explain one null is not compared: an engine may stop at the first.
 */
export function essence(answer: Answer): string {
  const places = (answer.errors ?? []).map(({ path }) => JSON.stringify(placeOfNull(answer.data, path ?? [])))
  return JSON.stringify({ data: answer.data ?? null, nulls: [...new Set(places)].sort() })
}

function placeOfNull(data: unknown, path: readonly (string | number)[]): readonly (string | number)[] {
  let here = data
  for (const [i, key] of path.entries()) {
    if (typeof here !== 'object' || here === null) return path.slice(0, i)
    // Looked up by a key that is there or not: what it is does not matter.
    here = (here as Readonly<Record<string | number, unknown>>)[key]
  }
  return path
}
