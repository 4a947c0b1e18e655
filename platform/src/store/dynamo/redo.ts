import type { WriteRequest } from '@aws-sdk/client-dynamodb'
import { deleteOf, putOf, scanPages, writeItems } from '../../dynamo-bulk.ts'
import type { Item } from './items.ts'
import { type KeptRow, toKeptRows, toWriter, writtenBy } from './journal.ts'
import type { DynamoParts } from './parts.ts'
import { getItems } from './read.ts'

export interface Redone {
  /** Rows that were written or deleted. */
  readonly rows: number
  /** Transactions whose rows were too many to be kept with their events: whether they are whole is not known. */
  readonly unkept: number
}

/** What one transaction did to one row. */
interface Change extends KeptRow {
  /** When, by the clock of who wrote it. Epoch milliseconds. */
  readonly at: number
  readonly by: string
}

/** So far apart may the clocks of two writers of one row be. */
const CLOCKS_APART_MS = 5000

/**
 * Brings the rows up to the events: what transactions recorded since then did to rows and is not there is done again.
 * For a store that nobody uses. Deletions come last, and what is older than one is left out: pages come in no order.
 */
export async function redoRows(parts: DynamoParts, since: number): Promise<Redone> {
  const { deleted, unkept } = await findDeletions(parts, since)
  let rows = 0
  for await (const page of keptSince(parts, since)) rows += await redoPage(parts, page, deleted)
  rows += await redoDeletions(parts, [...deleted.values()])
  return { rows, unkept }
}

interface Deletions {
  readonly deleted: ReadonlyMap<string, Change>
  readonly unkept: number
}

async function findDeletions(parts: DynamoParts, since: number): Promise<Deletions> {
  const deleted = new Map<string, Change>()
  let unkept = 0
  for await (const page of keptSince(parts, since)) {
    unkept += page.filter((changes) => !changes).length
    const gone = page.flatMap((changes) => changes ?? []).filter(({ value }) => value === null)
    for (const change of gone) keepNewest(deleted, change)
  }
  return { deleted, unkept }
}

async function* keptSince(
  parts: DynamoParts,
  since: number,
): AsyncGenerator<readonly (readonly Change[] | undefined)[]> {
  const pages = scanPages(parts, {
    TableName: parts.tables.events,
    FilterExpression: '#recorded >= :since AND attribute_exists(#rows)',
    ExpressionAttributeNames: { '#recorded': 'recorded', '#rows': 'rows' },
    ExpressionAttributeValues: { ':since': { N: String(since) } },
  })
  for await (const page of pages) yield page.map(changesOf)
}

function changesOf(item: Item): readonly Change[] | undefined {
  const { rows, recorded, stream, version } = item
  const kept = rows && toKeptRows(rows)
  const at = Number(recorded?.N)
  const append = { stream: stream?.S ?? '', expectedVersion: Number(version?.N) - 1, events: [] }
  const by = writtenBy({ appends: [append], rows: [] }, at)
  return kept?.map((row) => ({ ...row, at, by }))
}

async function redoPage(
  parts: DynamoParts,
  page: readonly (readonly Change[] | undefined)[],
  deleted: ReadonlyMap<string, Change>,
): Promise<number> {
  const puts = new Map<string, Change>()
  for (const change of page.flatMap((changes) => changes ?? [])) {
    const end = deleted.get(nameOf(change))
    if (change.value !== null && !(end && isNewer(end, change))) keepNewest(puts, change)
  }
  return await write(parts, [...puts.values()], (change, current) => {
    const before = current && standing(current)
    if (before && !isNewer(change, before)) return undefined
    return putOf(toItem(change, change.v || (before?.v ?? 0) + 1))
  })
}

async function redoDeletions(parts: DynamoParts, changes: readonly Change[]): Promise<number> {
  return await write(parts, changes, (change, current) =>
    current && isNewer(change, standing(current)) ? deleteOf(keyOf(change)) : undefined,
  )
}

async function write(
  parts: DynamoParts,
  changes: readonly Change[],
  decide: (change: Change, current: Item | undefined) => WriteRequest | undefined,
): Promise<number> {
  const items = await getItems(parts, parts.tables.rows, changes.map(keyOf))
  const current = new Map(items.map((item) => [`${item['home']?.S}\n${item['sort']?.S}`, item]))
  const writes = changes.flatMap((change) => decide(change, current.get(nameOf(change))) ?? [])
  await writeItems(parts, parts.tables.rows, writes)
  return writes.length
}

type Stamp = Pick<Change, 'at' | 'v'>

/** By time; by version where the times are so close that the writers' clocks may disagree. */
function isNewer(one: Stamp, other: Stamp): boolean {
  const areClose = Math.abs(one.at - other.at) < CLOCKS_APART_MS
  return areClose && one.v > 0 && other.v > 0 ? one.v > other.v : one.at > other.at
}

function keepNewest(newest: Map<string, Change>, change: Change): void {
  const name = nameOf(change)
  const known = newest.get(name)
  if (!known || isNewer(change, known)) newest.set(name, change)
}

function standing(item: Item): Stamp {
  return { at: toWriter(item['by']?.S).at, v: Number(item['v']?.N ?? 0) }
}

function nameOf({ home, sort }: KeptRow): string {
  return `${home}\n${sort}`
}

function keyOf({ home, sort }: KeptRow): Item {
  return { home: { S: home }, sort: { S: sort } }
}

function toItem(change: Change, v: number): Item {
  const { value, by, expires } = change
  const expiry = expires > 0 ? { expires: { N: String(expires) } } : {}
  return { ...keyOf(change), v: { N: String(v) }, value: { S: value ?? '' }, by: { S: by }, ...expiry }
}
