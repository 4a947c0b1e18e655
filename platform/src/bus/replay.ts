import type { Envelope } from '../event.ts'
import type { ReplayRequest } from '../event-bus.ts'
import { Fault } from '../fault.ts'
import { countMatching } from './archive.ts'
import type { Replay } from './bus-log.ts'
import { matcherOf } from './matcher.ts'
import type { BusParts } from './parts.ts'

/**
 * Notes a replay for one consumer and answers how many events it will be told again.
 * It ends at the consumer's cursor: what lies beyond has not been told even once, and is on its way anyway.
 */
export async function replayTo({ store, random }: BusParts, request: ReplayRequest): Promise<number> {
  const inReplay = matcherOf(request.pattern)
  const consumer = (await store.consumers()).find(({ name }) => name === request.consumer)
  if (!consumer) {
    throw new Fault(
      'NOT_FOUND',
      `No consumer is called "${request.consumer}". See consumers() for those there are.`,
    )
  }
  const { from, to, pattern } = request
  const times = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  const wanted = matcherOf(consumer.pattern)
  const matches = (event: Envelope): boolean =>
    (consumer.imported || !event.meta.imported) && wanted(event) && inReplay(event)
  const count = await countMatching(store, { after: 0, until: consumer.cursor, ...times }, { matches })
  const replay: Replay = {
    run: random.uuid(),
    cursor: 0,
    until: consumer.cursor,
    ...times,
    ...(pattern ? { pattern } : {}),
  }
  if (count > 0) await store.addReplay({ ...replay, consumer: consumer.name })
  return count
}
