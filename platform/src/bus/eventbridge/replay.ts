import type { Envelope } from '../../event.ts'
import type { ReplayRequest } from '../../event-bus.ts'
import { Fault } from '../../fault.ts'
import type { Random } from '../../random.ts'
import { countMatching } from '../archive.ts'
import type { Replay } from '../bus-log.ts'
import { matcherOf } from '../matcher.ts'
import type { ConsumerRow } from '../queue/items.ts'
import type { Letters } from '../queue/letters.ts'
import type { EventLog } from './log.ts'

interface ReplayParts {
  readonly eventLog: EventLog
  readonly letters: Letters
  readonly random: Random
  /** As far as all is settled, where the consumer is served here; else as its owner wrote last. */
  readonly settledTo: number | undefined
}

/**
 * Notes a replay for one consumer and answers how many events it will be told again. It ends where all is settled:
 * what lies beyond may not have been told even once.
 */
export async function replayFromLog(parts: ReplayParts, request: ReplayRequest): Promise<number> {
  const { consumer, from, to, pattern } = request
  const { eventLog, letters, random } = parts
  const inReplay = matcherOf(pattern)
  const row = await find(letters, consumer)
  const until = parts.settledTo ?? row.swept
  const times = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  const wanted = matcherOf(row.pattern)
  const matches = (event: Envelope): boolean =>
    (row.imported || !event.meta.imported) && wanted(event) && inReplay(event)
  const log = { read: eventLog.read, last: async () => until }
  const count = await countMatching(log, { after: 0, until, ...times }, { matches })
  const replay: Replay = { run: random.uuid(), cursor: 0, until, ...times, ...(pattern ? { pattern } : {}) }
  if (count > 0) await letters.addReplay(consumer, replay)
  return count
}

async function find(letters: Letters, name: string): Promise<ConsumerRow> {
  const row = (await letters.consumers()).find((one) => one.name === name)
  if (row) return row
  throw new Fault('NOT_FOUND', `No consumer is called "${name}". See consumers() for those there are.`)
}
