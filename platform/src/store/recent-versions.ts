/** The highest version seen of each of the streams touched last. */
export interface RecentVersions {
  get(stream: string): number | undefined
  /** Lower versions than known are ignored. */
  see(stream: string, version: number): void
}

export function createRecentVersions(size: number): RecentVersions {
  const versions = new Map<string, number>()
  return {
    get: (stream) => versions.get(stream),
    see(stream, version) {
      const known = versions.get(stream) ?? 0
      // A map keeps the order of insertion, so taking out and putting back makes it the youngest.
      versions.delete(stream)
      versions.set(stream, Math.max(known, version))
      const [oldest] = versions.keys()
      if (versions.size > size && oldest !== undefined) versions.delete(oldest)
    },
  }
}
