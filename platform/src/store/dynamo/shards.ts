import type { CatchUpState, Checkpoint, Checkpoints } from './checkpoints.ts'
import { findGap, type ListedShard, TRUSTED_MS } from './gap.ts'
import type { DynamoFeedParts } from './parts.ts'
import { describeStream, findStream, type ReadRecords, readRecords, type StreamListing } from './stream.ts'

/** The shards of the events table's stream as one consumer has read them. */
export interface Shards {
  /** What was saved, once; with it a catch-up that was not finished. */
  load(): Promise<CatchUpState | undefined>
  /** A page of every shard whose parent is finished; or since when the stream has lost what was not told. */
  read(): Promise<ShardReading>
  /** The page was dealt with, `recorded` being the newest in it: go on behind it. */
  finish(page: ShardPage, recorded: number): Promise<void>
  /** What was lost is told from elsewhere: take what the stream still has. */
  mend(caughtUp: CatchUpState): Promise<void>
}

export type ShardReading =
  | { readonly kind: 'pages'; readonly pages: readonly ShardPage[] }
  | { readonly kind: 'gap'; readonly since: number; readonly isNewConsumer: boolean }

export interface ShardPage extends ReadRecords {
  readonly shard: Shard
}

interface Shard extends Checkpoint {
  readonly id: string
  readonly iterator: string | undefined
}

/** DynamoDB closes a shard and opens its children about every four hours. */
const REFRESH_MS = 30_000
const SEEN_EVERY_MS = 300_000

export function createShards(parts: DynamoFeedParts, checkpoints: Checkpoints): Shards {
  const known = new Map<string, Shard>()
  /** Shards whose next record is gone, and what they had told before. */
  const trimmed = new Map<string, number>()
  let streamArn: string | undefined
  let refreshAt = 0
  /** When the stream was last read; undefined for a new consumer. */
  let seen: number | undefined
  /** When it last had nothing to give, so that all recorded by then is told; 0 when that is not known. */
  let caughtUp = 0
  let seenAt = 0

  return {
    async load() {
      const saved = await checkpoints.load()
      for (const [id, checkpoint] of saved.shards) known.set(id, { ...checkpoint, id, iterator: undefined })
      seen = saved.seen
      caughtUp = saved.caughtUp
      return saved.catchUp
    },
    async read() {
      streamArn ??= await findStream(parts)
      const gap = parts.clock.now() >= refreshAt ? await refresh(streamArn) : undefined
      return gap ?? (await readReady(streamArn))
    },
    async finish({ shard, records, next }, recorded) {
      const sequence = records.at(-1)?.dynamodb?.SequenceNumber ?? shard.sequence
      const done = next === undefined
      const after = { ...shard, sequence, done, iterator: next, recorded: Math.max(shard.recorded, recorded) }
      if (records.length > 0 || done) await checkpoints.save(shard.id, after)
      known.set(shard.id, after)
      if (!done) return
      refreshAt = 0
      if (isOld(records)) seen = 0
    },
    async mend({ newest, startedAt }) {
      streamArn ??= await findStream(parts)
      const { shards: listed } = await describeStream(parts, streamArn)
      await forgetLost(listed)
      for (const { id, parent } of listed) {
        const before = known.get(id) ?? fresh(id, parent)
        const sequence = trimmed.has(id) ? undefined : before.sequence
        const shard = {
          ...before,
          sequence,
          iterator: undefined,
          recorded: Math.max(before.recorded, newest),
        }
        known.set(id, shard)
        await checkpoints.save(id, shard)
      }
      trimmed.clear()
      caughtUp = startedAt
      await see(startedAt)
    },
  }

  async function refresh(arn: string): Promise<ShardReading | undefined> {
    const listing = await describeStream(parts, arn)
    const gap = gapIn(listing)
    if (gap) return gap
    adopt(listing.shards)
    const now = parts.clock.now()
    refreshAt = now + REFRESH_MS
    if (now - seenAt >= SEEN_EVERY_MS) await see(now)
    return undefined
  }

  function adopt(listed: readonly ListedShard[]): void {
    for (const { id, parent } of listed) if (!known.has(id)) known.set(id, fresh(id, parent))
    const isListed = new Set(listed.map(({ id }) => id))
    for (const id of known.keys()) if (!isListed.has(id)) known.delete(id)
  }

  /** Everything that a young stream was ever given is still in it. */
  function gapIn({ shards: listed, createdAt }: StreamListing): ShardReading | undefined {
    const isNewConsumer = known.size === 0 && seen === undefined
    const isStale = parts.clock.now() - (isNewConsumer ? createdAt : (seen ?? 0)) > TRUSTED_MS
    if (isNewConsumer && !isStale) return undefined
    const since = isNewConsumer ? 0 : findGap({ known, listed, isStale })
    return since === undefined ? undefined : { kind: 'gap', since: Math.max(since, caughtUp), isNewConsumer }
  }

  function fresh(id: string, parent: string | undefined): Shard {
    const recorded = known.get(parent ?? '')?.recorded ?? 0
    return { id, parent, sequence: undefined, done: false, recorded, iterator: undefined }
  }

  async function see(at: number): Promise<void> {
    await checkpoints.see(at, caughtUp)
    seen = at
    seenAt = parts.clock.now()
  }

  /** Kept with the next sign of life, the first time at once. */
  async function noteCaughtUp(at: number): Promise<void> {
    const isFirst = caughtUp === 0
    caughtUp = at
    if (isFirst) await see(at)
  }

  async function forgetLost(listed: readonly ListedShard[]): Promise<void> {
    const isListed = new Set(listed.map(({ id }) => id))
    for (const [id, { done }] of known) {
      if (isListed.has(id) || done) continue
      await checkpoints.remove(id)
      known.delete(id)
    }
  }

  async function readReady(arn: string): Promise<ShardReading> {
    const pages: ShardPage[] = []
    const [readFrom, open] = [parts.clock.now(), ready(known)]
    const readings = open.map(async (shard) => {
      const reading = await readRecords(parts, arn, shard)
      if (typeof reading !== 'string') pages.push({ ...reading, shard })
      else if (reading === 'expired') known.set(shard.id, { ...shard, iterator: undefined })
      else trimmed.set(shard.id, shard.recorded)
    })
    await Promise.all(readings)
    if (trimmed.size > 0) {
      const since = Math.max(caughtUp, Math.min(...trimmed.values()))
      return { kind: 'gap', since, isNewConsumer: false }
    }
    const isEmpty =
      pages.length === open.length && pages.every(({ records, next }) => next && records.length === 0)
    if (isEmpty && open.length === unfinished(known)) await noteCaughtUp(readFrom)
    return { kind: 'pages', pages }
  }

  /** Who reads the end of a shard that late may find the beginning of the next one gone. */
  function isOld(records: ShardPage['records']): boolean {
    const at = records.at(-1)?.dynamodb?.ApproximateCreationDateTime?.getTime()
    return at !== undefined && parts.clock.now() - at > TRUSTED_MS
  }
}

function unfinished(known: ReadonlyMap<string, Shard>): number {
  return [...known.values()].filter(({ done }) => !done).length
}

/** A parent that is not listed any more has been gone for a day. */
function ready(known: ReadonlyMap<string, Shard>): readonly Shard[] {
  return [...known.values()].filter(({ done, parent }) => !done && (known.get(parent ?? '')?.done ?? true))
}
