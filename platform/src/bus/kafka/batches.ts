import { BATCH_OVERHEAD } from './record.ts'
import type { TailItem } from './tail.ts'

export interface BatchLimit {
  readonly records: number
  readonly bytes: number
}

/** In order, in as few batches as the limit allows; an item above it goes alone. */
export function cutBatches<T>(
  items: readonly TailItem<T>[],
  limit: BatchLimit,
): readonly (readonly TailItem<T>[])[] {
  const batches: TailItem<T>[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const item of items) {
    const { size } = item.record
    const batch = batches.at(-1)
    if (batch && batch.length < limit.records && bytes + size <= limit.bytes) {
      batch.push(item)
      bytes += size
    } else {
      batches.push([item])
      bytes = BATCH_OVERHEAD + size
    }
  }
  return batches
}
