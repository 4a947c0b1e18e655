import type { Clock } from '../../clock.ts'
import type { Consumer, EventBus } from '../../event-bus.ts'
import { toFault } from '../../fault.ts'
import type { Log } from '../../log.ts'

/** Joins those who serve a consumer; resolves when it is known which partitions are ours. */
export type JoinGroup = (consumer: string, onChange: () => void) => Promise<GroupPlace>

export interface GroupPlace extends AsyncDisposable {
  isMine(partition: number): boolean
}

/** The partitions of one consumer that this process serves. */
export interface Share {
  readonly name: string
  /** Resolves when the partitions that are ours are served. */
  open(): Promise<void>
  /** Resolves when what has come and gone has been taken up and let go. */
  settled(): Promise<void>
  /** Lets running handlers end, up to the deadline, and lets go of all partitions. */
  close(): Promise<void>
}

interface ShareParts {
  readonly buses: readonly EventBus[]
  readonly consumer: Consumer
  readonly join?: JoinGroup
  readonly clock: Clock
  readonly log: Log
}

/** What fails is tried again after this, in milliseconds. */
const RETRY_MS = 1000

export function createShare(parts: ShareParts): Share {
  const { buses, consumer, clock } = parts
  const serving = new Map<number, AsyncDisposable>()
  let place: GroupPlace | undefined
  let working: Promise<void> = Promise.resolve()
  let closed = false

  const isMine = (partition: number): boolean => !closed && (place?.isMine(partition) ?? true)

  /** One change after the other, each to what is ours by then. */
  function adjust(): Promise<void> {
    const work = working.then(adjustNow)
    working = work.catch(() => {})
    return work
  }

  async function adjustNow(): Promise<void> {
    // Others wait for what we let go of.
    const gone = [...serving.keys()].filter((partition) => !isMine(partition))
    await Promise.all(gone.map(letGo))
    const come = buses.keys().filter((partition) => isMine(partition) && !serving.has(partition))
    await Promise.all([...come].map(takeUp))
  }

  async function takeUp(partition: number): Promise<void> {
    const subscription = await buses[partition]?.subscribe(consumer)
    if (subscription) serving.set(partition, subscription)
  }

  async function letGo(partition: number): Promise<void> {
    const subscription = serving.get(partition)
    serving.delete(partition)
    await subscription?.[Symbol.asyncDispose]()
  }

  function onChange(): void {
    // The first time is for `open`, which tells its caller what fails.
    if (place) void adjust().catch(tryLater)
  }

  function tryLater(reason: unknown): void {
    if (closed) return
    const fields = { consumer: consumer.name, code: toFault(reason).code }
    parts.log.error(fields, 'Partitions of a consumer cannot be taken up or let go of; trying again.')
    clock.schedule(clock.now() + RETRY_MS, onChange)
  }

  async function close(): Promise<void> {
    closed = true
    try {
      await adjust()
    } finally {
      await place?.[Symbol.asyncDispose]()
    }
  }

  return {
    name: consumer.name,
    async open() {
      place = await parts.join?.(consumer.name, onChange)
      try {
        await adjust()
      } catch (reason) {
        await close()
        throw reason
      }
    },
    settled: () => working,
    close,
  }
}
