/** What a client tells of an answer in parts. */
export interface Merged {
  readonly data: unknown
  readonly errors: readonly MergedError[]
  /** Deferred fragments that could not be had. */
  readonly failed: readonly Failed[]
}

export interface Failed {
  readonly path: Path
  readonly errors: readonly MergedError[]
}

export interface MergedError {
  readonly path?: Path
  readonly extensions?: Readonly<Record<string, unknown>>
}

type Path = readonly (string | number)[]

/** As the incremental delivery form with `pending`, `incremental` and `completed` has it. */
export interface AnswerPart {
  readonly data?: unknown
  readonly errors?: readonly MergedError[]
  readonly pending?: readonly { readonly id: string; readonly path: Path; readonly label?: string }[]
  readonly incremental?: readonly Increment[]
  readonly completed?: readonly Completed[]
  readonly hasNext?: boolean
}

interface Completed {
  readonly id: string
  readonly errors?: readonly MergedError[]
}

interface Increment {
  readonly id: string
  readonly subPath?: Path
  readonly path: Path
  readonly data: Readonly<Record<string, unknown>>
  readonly errors?: readonly MergedError[]
}

/** Puts the parts of an answer together as a client does; throws where they break the form. */
export function mergeParts(parts: readonly AnswerPart[]): Merged {
  const [first, ...later] = parts
  const merging: Merging = {
    data: structuredClone(first?.data),
    errors: [...(first?.errors ?? [])],
    failed: [],
    pending: new Map(),
    used: new Set(),
  }
  begin(merging, first)
  for (const part of later) {
    begin(merging, part)
    for (const increment of part.incremental ?? []) take(merging, increment)
    for (const completed of part.completed ?? []) complete(merging, completed)
  }
  const isEnd = parts.length === 1 ? first?.hasNext === undefined : parts.at(-1)?.hasNext === false
  if (merging.pending.size > 0 || !isEnd || parts.slice(0, -1).some(({ hasNext }) => hasNext !== true))
    throw new Error(`the parts end in the middle: ${JSON.stringify(parts)}`)
  return merging
}

interface Merging extends Merged {
  readonly errors: MergedError[]
  readonly failed: Failed[]
  readonly pending: Map<string, Path>
  readonly used: Set<string>
}

function begin({ pending, used }: Merging, part: AnswerPart | undefined): void {
  for (const { id, path } of part?.pending ?? []) {
    if (used.has(id)) throw new Error(`the id ${id} is told twice`)
    used.add(id)
    pending.set(id, path)
  }
}

function take({ data, errors, pending }: Merging, increment: Increment): void {
  const { id, subPath = [], data: more, errors: wrong = [] } = increment
  const path = [...pathOf(pending, id), ...subPath]
  if (path.join() !== increment.path.join())
    throw new Error(`${id} has another path: ${increment.path.join()}`)
  add(objectAt(data, path), more)
  errors.push(...wrong)
}

function complete({ errors, failed, pending }: Merging, { id, errors: wrong }: Completed): void {
  const path = pathOf(pending, id)
  if (wrong) failed.push({ path, errors: wrong })
  errors.push(...(wrong ?? []))
  pending.delete(id)
}

function pathOf(pending: ReadonlyMap<string, Path>, id: string): Path {
  const path = pending.get(id)
  if (!path) throw new Error(`nobody waits for ${id}`)
  return path
}

function objectAt(data: unknown, path: Path): Record<string, unknown> {
  let here = data
  for (const key of path)
    here = typeof here === 'object' && here !== null ? Reflect.get(here, key) : undefined
  if (typeof here !== 'object' || here === null) throw new Error(`there is no object at ${path.join('.')}`)
  // JSON's objects have nothing but keys.
  return here as Record<string, unknown>
}

/** What is there already may not come again. */
function add(object: Record<string, unknown>, more: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(more)) {
    if (Object.hasOwn(object, key)) throw new Error(`${key} is told twice`)
    object[key] = structuredClone(value)
  }
}
