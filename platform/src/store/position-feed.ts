import type { RecordedEvent } from '../event.ts'
import type { FeedSource } from './event-feed.ts'

/** A feed over one growing line of positions; only those of committed events are ever given out. */
export interface Positions {
  checkpoint(consumer: string): Promise<number>
  read(after: number, limit: number): Promise<PositionBatch>
  save(consumer: string, position: number): Promise<void>
}

export interface PositionBatch {
  readonly events: readonly RecordedEvent[]
  /** The position of the last event. */
  readonly position: number
}

const BATCH = 200

export function positionFeed(positions: Positions): FeedSource {
  return {
    open(consumer) {
      let told: number | undefined
      let read = 0
      return {
        async read() {
          told ??= await positions.checkpoint(consumer)
          const batch = await positions.read(told, BATCH)
          read = batch.position
          return batch.events
        },
        async done() {
          await positions.save(consumer, read)
          told = read
        },
      }
    },
  }
}
