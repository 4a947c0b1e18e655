/** Enough to spread the rows of one collection over a table's partitions, few enough to read them all. */
export const SHARDS = 16

/**
 * A collection that must also be read as a whole is spread over a fixed number of partitions, so that no partition
 * of the table takes all its traffic. The same key is always in the same one.
 */
export function shardOf(collection: string, key: string): string {
  return `${collection}/${fnv1a(key) % SHARDS}`
}

/** All partitions of a collection. */
export function shardsOf(collection: string): readonly string[] {
  return Array.from({ length: SHARDS }, (_, shard) => `${collection}/${shard}`)
}

/** FNV-1a, 32 bit, over UTF-16 units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
  return hash
}
