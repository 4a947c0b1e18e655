import { envelopeMatcher } from '../pattern/rule-index.ts'
import type { Adopted, LogEntry, Replay } from './bus-log.ts'
import type { Changes } from './changes.ts'
import type { Lanes, Task } from './lanes.ts'
import { createLiveReader } from './live-reader.ts'
import { matcherOf } from './matcher.ts'
import type { RunnerParts } from './parts.ts'
import { createReplayReader, type ReplayReader } from './replay-reader.ts'
import { storeTask } from './settle.ts'

/** Everything that brings events to one consumer: the live reading, the replays, and what waited before. */
export interface Readings {
  offer(entry: LogEntry): void
  adopt(adopted: Adopted): void
  /** There may be room for more. */
  kick(): void
  checkpoint(): number
  readTo(): number
  isReading(): boolean
  stop(): void
}

interface ReadingsParts extends RunnerParts {
  readonly changes: Changes
  readonly lanes: Lanes
}

/** Changes that could not be saved yet; above this the consumer waits for the store. */
const MAX_UNSAVED = 4096

export function createReadings(parts: ReadingsParts): Readings {
  const { changes, lanes, consumer } = parts
  const replays = new Map<string, ReplayReader>()
  const hasRoom = (): boolean => changes.size() < MAX_UNSAVED
  const shared = { ...parts, hasRoom, onHalt: parts.onRest }

  const inPattern = envelopeMatcher({ pattern: consumer.pattern, matches: parts.matches })
  const wanted = ({ event }: LogEntry): boolean =>
    (consumer.imported === true || !event.meta.imported) && inPattern(event)

  function add(entry: LogEntry, run: string, settle: () => void): void {
    const { position, event } = entry
    const task: Task = {
      position,
      run,
      stream: event.stream,
      attempts: 0,
      firstAt: 0,
      nextAt: 0,
      event,
      settle,
    }
    lanes.add(lanes.waits(event.stream) ? storeTask(task, changes) : task)
  }

  const live = createLiveReader({
    ...shared,
    cursor: parts.claim.cursor,
    matches: wanted,
    accept: (entry, ticket) => add(entry, '', () => live.settle(ticket)),
  })

  function startReplay(replay: Replay): void {
    const { run } = replay
    const inReplay = matcherOf(replay.pattern)
    const reader: ReplayReader = createReplayReader({
      ...shared,
      replay,
      matches: (entry) => wanted(entry) && inReplay(entry.event),
      accept: (entry, ticket) => add(entry, run, () => reader.settle(ticket)),
      onProgress(cursor) {
        if (cursor === undefined) replays.delete(run)
        changes.replayed(run, cursor)
      },
    })
    replays.set(run, reader)
    reader.kick()
  }

  return {
    offer: live.offer,
    adopt(adopted) {
      for (const waiting of adopted.waiting) lanes.add(waiting)
      for (const replay of adopted.replays) startReplay(replay)
      live.kick()
    },
    kick() {
      live.kick()
      for (const replay of replays.values()) replay.kick()
    },
    checkpoint: live.checkpoint,
    readTo: live.readTo,
    isReading: () => live.isReading() || replays.size > 0,
    stop() {
      live.stop()
      for (const replay of replays.values()) replay.stop()
    },
  }
}
