import type { Clock, Timer } from '@stoa/platform/clock'
import type { Envelope } from '@stoa/platform/event'
import { createBacklog } from './backlog.ts'
import { type Batch, createBatch } from './batch.ts'
import { type Partition, partitionOf } from './layout.ts'

/** When the events of one day and type are written; whatever comes first. */
export interface BatchLimits {
  readonly maxEvents: number
  /** Of their data as JSON text, before compression. */
  readonly maxBytes: number
  readonly maxAgeMs: number
  /** Of all days and types together: when so many are collected, all are written, and as many may come meanwhile. */
  readonly maxCollected: number
  /** The same in bytes. */
  readonly maxCollectedBytes: number
}

export interface Batcher {
  /** Resolves when the batch that holds the event is written; rejects when it could not be. */
  add(event: Envelope): Promise<void>
  /** From now on nothing waits for company. */
  hurry(): void
}

export interface BatcherOptions {
  readonly limits: BatchLimits
  readonly clock: Clock
  readonly write: (batch: Batch) => Promise<void>
}

interface Collection {
  readonly partition: Partition
  readonly events: Map<string, Envelope>
  bytes: number
  readonly timer: Timer
  readonly written: Promise<void>
  settle(outcome: Promise<void>): void
}

/** How many batches are being written at once. */
const WRITERS = 8

export function createBatcher({ limits, clock, write }: BatcherOptions): Batcher {
  const collecting = new Map<string, Collection>()
  const sealed: Collection[] = []
  const backlog = createBacklog({ clock, waiting: () => collected, onStall: sealAll })
  // Of what is in no batch yet. What is being written does not count: it would drive the rest into tiny batches.
  let [collected, collectedBytes, writing, hurried] = [0, 0, 0, false]

  function seal(key: string, collection: Collection): void {
    collecting.delete(key)
    collection.timer.cancel()
    collected -= collection.events.size
    collectedBytes -= collection.bytes
    sealed.push(collection)
    work()
  }

  function sealAll(): void {
    for (const [key, collection] of [...collecting]) seal(key, collection)
  }

  function work(): void {
    while (writing < WRITERS) {
      const next = sealed.shift()
      if (!next) return
      writing += 1
      void writeOne(next)
    }
  }

  async function writeOne(collection: Collection): Promise<void> {
    const { partition, events } = collection
    // Async, so that a batch that cannot be encoded rejects like one that cannot be written.
    const outcome = (async () => await write(createBatch(partition, [...events.values()])))()
    await Promise.allSettled([outcome])
    writing -= 1
    backlog.released(events.values())
    collection.settle(outcome)
    work()
  }

  function collect(key: string, partition: Partition): Collection {
    const { promise: written, resolve: settle } = Promise.withResolvers<void>()
    const timer = clock.schedule(clock.now() + limits.maxAgeMs, () => seal(key, collection))
    const collection = { partition, events: new Map(), bytes: 0, timer, written, settle }
    collecting.set(key, collection)
    return collection
  }

  function take(collection: Collection, event: Envelope): void {
    const bytes = JSON.stringify(event.data).length
    collection.events.set(event.id, event)
    collection.bytes += bytes
    collected += 1
    collectedBytes += bytes
    backlog.came(event)
  }

  return {
    add(event) {
      const partition = partitionOf(event)
      const key = `${partition.day}/${partition.type}`
      const collection = collecting.get(key) ?? collect(key, partition)
      if (!collection.events.has(event.id)) take(collection, event)
      const isMuch = collected >= limits.maxCollected || collectedBytes >= limits.maxCollectedBytes
      const isFull = collection.events.size >= limits.maxEvents || collection.bytes >= limits.maxBytes
      if (isMuch || hurried) sealAll()
      else if (isFull) seal(key, collection)
      return collection.written
    },
    hurry() {
      hurried = true
      sealAll()
    },
  }
}
