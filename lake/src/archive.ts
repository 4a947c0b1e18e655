import type { Clock } from '@stoa/platform/clock'
import type { Consumer, EventBus, RetryPolicy } from '@stoa/platform/event-bus'
import { objectsOf } from './batch.ts'
import { type BatchLimits, createBatcher } from './batcher.ts'
import type { ObjectStore } from './object-store.ts'

export interface ArchiveOptions {
  readonly bus: EventBus
  readonly objects: ObjectStore
  readonly clock: Clock
  /** Default: 10,000 events or 16 MB a day and type, 5 s, 500 events or 64 MB together. */
  readonly limits?: Partial<BatchLimits>
}

/** Its name on the bus. */
export const ARCHIVE_CONSUMER = 'lake.archive'

/**
 * Keeps every fact for ever: one object a batch and format. An event counts as handled when the batch that holds it is
 * written, so the cursor never passes what is not kept. After a crash some events come again and are then in two
 * batches; whoever reads tells them by their id, and compaction removes them.
 */
export async function startArchive(options: ArchiveOptions): Promise<AsyncDisposable> {
  const { bus, objects, clock } = options
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const batcher = createBatcher({
    limits,
    clock,
    async write(batch) {
      for (const object of objectsOf(batch)) await objects.putOnce(object)
    },
  })
  const subscription = await bus.subscribe({
    ...archiveConsumer,
    concurrency: 2 * limits.maxCollected,
    handle: batcher.add,
  })
  return {
    async [Symbol.asyncDispose]() {
      batcher.hurry()
      await subscription[Symbol.asyncDispose]()
    },
  }
}

const DEFAULT_LIMITS: BatchLimits = {
  maxEvents: 10_000,
  maxBytes: 16_000_000,
  maxAgeMs: 5000,
  maxCollected: 500,
  maxCollectedBytes: 64_000_000,
}

const DAY_MS = 86_400_000

/** An archive that gives up has lost something: it tries for two weeks, once a minute at last. */
const RETRY: Partial<RetryPolicy> = {
  maxAttempts: 100_000,
  maxAgeMs: 14 * DAY_MS,
  baseMs: 1000,
  capMs: 60_000,
  timeoutMs: 120_000,
}

/** As the bus and an infrastructure know it. */
export const archiveConsumer: Omit<Consumer, 'handle'> = {
  name: ARCHIVE_CONSUMER,
  pattern: { source: [{ prefix: '' }] },
  retry: RETRY,
  from: 'earliest',
  imported: true,
}
