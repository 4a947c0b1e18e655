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
  /** All recorded by then is told, for the events table itself was read; 0 when it never was. */
  let caughtUp = 0
  let seenAt = 0
  /** Before the last listing that showed all shards there were; 0 when this process has seen none. */
  let listedAt = 0

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
      const { shards: listed, createdAt } = await describeStream(parts, streamArn)
      await forgetLost(listed)
      for (const one of listed) {
        const { id } = one
        const before = known.get(id) ?? fresh(one, createdAt)
        const sequence = trimmed.has(id) ? undefined : before.sequence
        const shard = {
          ...before,
          sequence,
          iterator: undefined,
          // Newer ones may have been written where the table had been read already.
          recorded: Math.max(before.recorded, Math.min(newest, startedAt)),
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
    const now = parts.clock.now()
    const listing = await describeStream(parts, arn)
    const gap = gapIn(listing)
    if (gap) return gap
    await adopt(listing)
    if (isWhole(listing.shards, known)) listedAt = now
    refreshAt = now + REFRESH_MS
    if (now - seenAt >= SEEN_EVERY_MS) await see(now)
    return undefined
  }

  /** Kept at once: one that is gone before it had a record, or was read up to it, must be missed by the next process. */
  async function adopt({ shards: listed, createdAt }: StreamListing): Promise<void> {
    for (const one of listed) {
      if (known.has(one.id)) continue
      const shard = fresh(one, createdAt)
      await checkpoints.save(one.id, shard)
      known.set(one.id, shard)
    }
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

  /**
   * Nothing in a shard is older than a whole listing that did not show it: the hour that a catch-up goes back is more
   * than listings lag. Nor than its stream, though only a new consumer cannot have missed another stream before it. An
   * empty page says nothing: it may lie before records.
   */
  function fresh({ id, parent }: ListedShard, createdAt: number): Shard {
    const born = Math.max(seen === undefined ? createdAt : 0, listedAt)
    const recorded = Math.max(known.get(parent ?? '')?.recorded ?? 0, born)
    return { id, parent, sequence: undefined, done: false, recorded, iterator: undefined }
  }

  async function see(at: number): Promise<void> {
    await checkpoints.see(at, caughtUp)
    seen = at
    seenAt = parts.clock.now()
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
    const readings = ready(known).map(async (shard) => {
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
    return { kind: 'pages', pages }
  }

  /** Who reads the end of a shard that late may find the beginning of the next one gone. */
  function isOld(records: ShardPage['records']): boolean {
    const at = records.at(-1)?.dynamodb?.ApproximateCreationDateTime?.getTime()
    return at !== undefined && parts.clock.now() - at > TRUSTED_MS
  }
}

/** A shard only ends where another goes on: its child is there, listed or not yet. */
function isWhole(listed: readonly ListedShard[], known: ReadonlyMap<string, Shard>): boolean {
  const parents = new Set(listed.map(({ parent }) => parent))
  return listed.length > 0 && listed.every(({ id }) => parents.has(id) || !known.get(id)?.done)
}

/** A parent that is not listed any more has been gone for a day. */
function ready(known: ReadonlyMap<string, Shard>): readonly Shard[] {
  return [...known.values()].filter(({ done, parent }) => !done && (known.get(parent ?? '')?.done ?? true))
}
