import type { Clock } from '../../clock.ts'
import type { DeadLetter } from '../../event-bus.ts'
import { toFault } from '../../fault.ts'
import type { Log } from '../../log.ts'
import { cutBatches } from './batches.ts'
import { recordOf } from './envelope.ts'
import { type KafkaRecord, weighed } from './record.ts'
import type { KafkaWriter } from './writer.ts'

/**
 * Tells operators of dead letters in a plain topic: the event as it was, with headers that say who gave up on it and why.
 * At least once; what counts for redrive is in the state topic.
 */
export function createDeadLetterTopic(parts: {
  readonly topic: string
  readonly writer: KafkaWriter
  readonly clock: Clock
  readonly log: Log
  /** The largest batch that the topic takes, in bytes. */
  readonly maxBytes: number
}): (letters: readonly DeadLetter[]) => Promise<void> {
  const { topic, writer, clock, log, maxBytes } = parts
  return async (letters) => {
    const items = letters.map((item) => ({ record: recordOfLetter(item, clock.now()), item }))
    for (const batch of cutBatches(items, { records: MAX_BATCH, bytes: maxBytes })) {
      const records = batch.map(({ record }) => record)
      await writer.send({ topic, partition: 0 }, records).catch((reason) => {
        const { code, retryable } = toFault(reason)
        if (retryable) throw reason
        // A copy that the topic never takes must not hold up its consumer.
        log.error({ code, topic, ids: batch.map(({ item }) => item.id) }, 'Dead letters cannot be copied.')
      })
    }
  }
}

const MAX_BATCH = 100

function recordOfLetter(letter: DeadLetter, now: number): KafkaRecord {
  const record = recordOf(letter.event, now)
  const said = Object.entries({
    stoa_deadletterid: letter.id,
    stoa_consumer: letter.consumer,
    stoa_attempts: letter.attempts,
    stoa_firsttime: new Date(letter.firstAt).toISOString(),
    stoa_lasttime: new Date(letter.lastAt).toISOString(),
    stoa_errorcode: letter.errorCode,
    stoa_errormessage: letter.errorMessage,
    stoa_exhausted: letter.exhausted,
  })
  const headers = said.map(([name, value]) => [Buffer.from(name), Buffer.from(String(value))] as const)
  return weighed({
    ...record,
    headers: new Map([...record.headers, ...headers]),
    timestamp: Math.max(0, now),
  })
}
