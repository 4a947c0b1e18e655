export interface Answer {
  readonly data?: unknown
  readonly errors?: readonly AnswerError[] | undefined
}

interface AnswerError {
  readonly path?: Path | undefined
  readonly extensions?: Readonly<Record<string, unknown>> | undefined
}

type Path = readonly (string | number)[]

/**
 * An answer as two engines must agree on it: the data with its order, and the places where errors left a null. How
 * many errors explain one null is not compared: an engine may stop at the first.
 */
export function essence(answer: Answer): string {
  return JSON.stringify({ data: answer.data ?? null, nulls: [...nullsOf(answer)].sort() })
}

/** Each place as JSON. */
function nullsOf({ data, errors = [] }: Answer): ReadonlySet<string> {
  return new Set(errors.map(({ path }) => JSON.stringify(placeOfNull(data, path ?? []))))
}

function placeOfNull(data: unknown, path: Path): Path {
  let here = data
  for (const [i, key] of path.entries()) {
    if (typeof here !== 'object' || here === null) return path.slice(0, i)
    // Looked up by a key that is there or not: what it is does not matter.
    here = (here as Readonly<Record<string | number, unknown>>)[key]
  }
  return path
}

/**
 * Where an answer of a graph in trouble says what is not so: each value must be the expected one, or a null with an
 * error. Undefined when nothing is wrong.
 */
export function untruth(answer: Answer, expected: Answer): string | undefined {
  return untruthAt(answer.data ?? null, expected.data ?? null, { path: [], nulls: nullsOf(answer) })
}

interface Here {
  readonly path: Path
  readonly nulls: ReadonlySet<string>
}

function untruthAt(got: unknown, expected: unknown, here: Here): string | undefined {
  const place = JSON.stringify(here.path)
  if (Object.is(got, expected)) return undefined
  if (got === null) return here.nulls.has(place) ? undefined : place
  const areBoth = typeof got === 'object' && typeof expected === 'object' && expected !== null
  return areBoth ? untruthInside(entriesOf(got), entriesOf(expected), here) : place
}

type Entries = readonly (readonly [string | number, unknown])[]

function untruthInside(mine: Entries, theirs: Entries, { path, nulls }: Here): string | undefined {
  if (mine.map(([key]) => key).join() !== theirs.map(([key]) => key).join()) return JSON.stringify(path)
  for (const [i, [key, value]] of mine.entries()) {
    const found = untruthAt(value, theirs[i]?.[1], { path: [...path, key], nulls })
    if (found !== undefined) return found
  }
  return undefined
}

function entriesOf(value: object): Entries {
  return Array.isArray(value) ? [...value.entries()] : Object.entries(value)
}

export function codesOf({ errors = [] }: Answer): readonly unknown[] {
  return [...new Set(errors.map(({ extensions }) => extensions?.['code']))]
}
