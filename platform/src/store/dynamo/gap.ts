import type { Checkpoint } from './checkpoints.ts'

/** Streams keep records for 24 hours; a consumer that was away for longer than this does not rely on them. */
export const TRUSTED_MS: number = 20 * 3_600_000

export interface ListedShard {
  readonly id: string
  readonly parent: string | undefined
}

export interface Lineage {
  /** What this consumer knows of shards, listed or not. */
  readonly known: ReadonlyMap<string, Checkpoint>
  readonly listed: readonly ListedShard[]
  /** The consumer was last at work longer ago than what the stream can be relied on for. */
  readonly isStale: boolean
}

/**
 * Since when the stream may have lost what this consumer was not told: `recorded` of the checkpoints before the gap,
 * 0 for everything; undefined when it has lost nothing. A stream trims without a word: an unfinished shard is gone,
 * a shard has a parent that nobody has read, or the oldest records of a shard are not there any more.
 */
export function findGap({ known, listed, isStale }: Lineage): number | undefined {
  const isListed = new Set(listed.map(({ id }) => id))
  const lost = [...known].filter(([id, { done }]) => !done && !isListed.has(id))
  const unread = listed.filter(({ id }) => known.get(id)?.sequence === undefined && !known.get(id)?.done)
  const orphans = unread.filter(
    ({ id, parent = id }) => !known.has(id) && !isListed.has(parent) && !known.get(parent)?.done,
  )
  const unsure = isStale ? unread : orphans
  if (lost.length === 0 && unsure.length === 0) return undefined
  const before = [...lost.map(([id]) => id), ...unsure.map(({ id }) => id)].map((id) =>
    recordedBefore(id, known, listed),
  )
  return Math.min(...before.map((recorded) => recorded ?? leastOfLeaves(known, listed)))
}

/** Of the shard itself, or of the nearest before it in its line that is known. */
function recordedBefore(
  id: string,
  known: Lineage['known'],
  listed: readonly ListedShard[],
): number | undefined {
  const parents = new Map(listed.map((one) => [one.id, one.parent]))
  let at: string | undefined = id
  for (let steps = 0; at !== undefined && steps <= listed.length; steps++) {
    const found = known.get(at)
    if (found) return found.recorded
    at = parents.get(at)
  }
  return undefined
}

/** Of the shards known last in their lines: between them and what is listed, others came and went unseen. */
function leastOfLeaves(known: Lineage['known'], listed: readonly ListedShard[]): number {
  const parents = new Set([...known.values(), ...listed].map(({ parent }) => parent))
  const leaves = [...known].filter(([id]) => !parents.has(id)).map(([, { recorded }]) => recorded)
  return leaves.length === 0 ? 0 : Math.min(...leaves)
}
