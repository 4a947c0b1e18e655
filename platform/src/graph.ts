import { Fault } from './fault.ts'

/** A page as it was asked for: how many, and behind which key. */
export interface PageRequest {
  /** 1 to 100. */
  readonly first: number
  /** The key of the last item of the page before. */
  readonly after: CursorKey | undefined
}

/** Where an item stands in its list, by the values it is ordered by, the last one unique. */
export type CursorKey = readonly (string | number)[]

export interface PageArguments {
  readonly first?: number | null
  readonly after?: string | null
}

/** A page in the shape the graph has it (Relay's connection, plus `nodes`). */
export interface Connection<T> {
  readonly edges: readonly Edge<T>[]
  readonly nodes: readonly T[]
  readonly pageInfo: PageInfo
  /** Null where counting costs too much. */
  readonly totalCount: number | null
}

export interface Edge<T> {
  readonly cursor: string
  readonly node: T
}

export interface PageInfo {
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly startCursor: string | null
  readonly endCursor: string | null
}

export interface PageContent<T> {
  readonly page: PageRequest
  /** One more than the page holds, where there is one: ask the store for `page.first + 1`. */
  readonly items: readonly T[]
  readonly keyOf: (item: T) => CursorKey
  /** Where the store says so itself, instead of one item more. */
  readonly hasNextPage?: boolean
  readonly totalCount?: number
}

const MAX_PAGE = 100
const MAX_CURSOR = 1_024

/** Reads `first` and `after`; throws BAD_REQUEST for a size outside 1 to 100 and for a cursor that is not ours. */
export function readPage(args: PageArguments, defaultFirst: number = 20): PageRequest {
  return {
    first: checkFirst(args.first ?? defaultFirst),
    after: args.after ? decodeCursor(args.after) : undefined,
  }
}

/** A page size, 1 to 100; anything else is BAD_REQUEST. */
export function checkFirst(first: number): number {
  if (Number.isInteger(first) && first >= 1 && first <= MAX_PAGE) return first
  throw new Fault(
    'BAD_REQUEST',
    `Expected "first" to be 1 to ${MAX_PAGE}, got ${first}. Ask for the rest with "after".`,
  )
}

export function connectionOf<T>(content: PageContent<T>): Connection<T> {
  const { items, page, keyOf } = content
  const nodes = items.length > page.first ? items.slice(0, page.first) : items
  const edges = nodes.map((node) => ({ cursor: encodeCursor(keyOf(node)), node }))
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: content.hasNextPage ?? items.length > page.first,
      hasPreviousPage: page.after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: content.totalCount ?? null,
  }
}

/** Opaque to callers; only the key inside counts, so that a page stays right while the list changes. */
export function encodeCursor(key: CursorKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

function decodeCursor(cursor: string): CursorKey {
  if (cursor.length <= MAX_CURSOR) {
    const key = parseJson(Buffer.from(cursor, 'base64url').toString())
    if (isCursorKey(key)) return key
  }
  throw new Fault(
    'BAD_REQUEST',
    'Expected "after" to be an "endCursor" of this list. Start again without it.',
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isCursorKey(value: unknown): value is CursorKey {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((part) => typeof part === 'string' || typeof part === 'number')
  )
}
