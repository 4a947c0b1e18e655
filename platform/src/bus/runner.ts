import { Fault, toFault } from '../fault.ts'
import { createAttempts } from './attempt.ts'
import type { Adopted, Claim, ConsumerChange, LogEntry } from './bus-log.ts'
import { createChanges } from './changes.ts'
import { createLanes, type Lane, type LaneCount, type Task } from './lanes.ts'
import type { RunnerParts } from './parts.ts'
import { createReadings } from './readings.ts'
import { settleTry } from './settle.ts'

/** Hands one consumer its events while this process owns it. */
export interface Runner {
  readonly claim: Claim
  /** A matching event, straight from the hub. */
  offer(entry: LogEntry): void
  /** Takes in redrives and replays. */
  adopt(adopted: Adopted): void
  /** What is to be saved; undefined when nothing happened. */
  take(): ConsumerChange | undefined
  /** Writes the cursor down even if only events passed by that do not match. */
  checkpoint(): void
  isBusy(): boolean
  readTo(): number
  count(): LaneCount
  /** No new tries; resolves when the running ones have ended. */
  drain(): Promise<void>
  /** Ends at once: running handlers are aborted and what they do is not noted any more. */
  stop(): void
}

export const DEFAULT_CONCURRENCY = 16

export function createRunner(parts: RunnerParts): Runner {
  const { claim, consumer, policy, clock } = parts
  const concurrency = consumer.concurrency ?? DEFAULT_CONCURRENCY
  const gate = parts.gateOf?.(consumer.name)
  const changes = createChanges(claim.lease, parts.onChange)
  const lanes = createLanes(clock, schedulePump)
  const attempts = createAttempts(clock, consumer, policy.timeoutMs)
  const shared = { ...parts, changes, lanes }
  const readings = createReadings(shared)
  let state: 'open' | 'draining' | 'stopped' = 'open'
  let active = 0
  let pumping = false
  let onDrained = (): void => {}

  /** Not at once: whoever publishes should not find itself below the handlers of its own event. */
  function schedulePump(): void {
    if (pumping) return
    pumping = true
    queueMicrotask(pump)
  }

  function pump(): void {
    pumping = false
    while (state === 'open' && active < concurrency && lanes.hasReady()) {
      if (gate?.enter(schedulePump) === false) break
      const next = lanes.start()
      if (!next) {
        gate?.leave(1)
        break
      }
      active += 1
      void deliver(next.lane, next.task)
    }
    if (active === 0) onDrained()
    parts.onRest()
  }

  async function deliver(lane: Lane, task: Task): Promise<void> {
    const firstAt = task.attempts === 0 ? clock.now() : task.firstAt
    const tried = { ...task, attempts: task.attempts + 1, firstAt }
    const fault = await tryOnce(tried)
    active -= 1
    if (state === 'stopped') return
    gate?.leave(1)
    settleTry(shared, { lane, task: tried, fault })
    lanes.finish(lane)
    readings.kick()
    schedulePump()
  }

  async function tryOnce(task: Task): Promise<Fault | undefined> {
    try {
      const event = task.event ?? (await parts.store.at(task.position))
      if (!event)
        return new Fault('STORE_CORRUPT', `The event at position ${task.position} is not in the archive.`)
      return await attempts.run(event, { attempt: task.attempts, replay: task.run !== '' })
    } catch (reason) {
      return toFault(reason)
    }
  }

  readings.adopt(claim)

  return {
    claim,
    offer: readings.offer,
    adopt: readings.adopt,
    take() {
      const change = changes.take(readings.checkpoint())
      if (change) readings.kick()
      return change
    },
    checkpoint: changes.touch,
    isBusy: () => state === 'open' && (active > 0 || lanes.hasReady() || readings.isReading()),
    readTo: readings.readTo,
    count: lanes.count,
    drain() {
      state = 'draining'
      readings.stop()
      return new Promise((resolve) => {
        onDrained = resolve
        schedulePump()
      })
    },
    stop() {
      if (state !== 'stopped') gate?.leave(active)
      state = 'stopped'
      readings.stop()
      lanes.stop()
      attempts.abort()
    },
  }
}
