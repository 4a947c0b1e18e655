import type { Envelope } from '../../event.ts'
import type { DeadLetter, DeadLetterQuery } from '../../event-bus.ts'
import type { Dead } from '../bus-log.ts'
import { type MemoryConsumer, waitingKey } from './consumers.ts'

export function lettersIn(
  consumers: readonly MemoryConsumer[],
  query: DeadLetterQuery,
  eventAt: (position: number) => Envelope | undefined,
): readonly DeadLetter[] {
  return select(consumers, query).flatMap(({ consumer, dead }) => {
    const event = eventAt(dead.position)
    return event ? [letterOf(consumer.name, dead, event)] : []
  })
}

export function redriveIn(consumers: readonly MemoryConsumer[], query: DeadLetterQuery, run: string): number {
  const selected = select(consumers, query)
  for (const { consumer, dead } of selected) {
    const { position, stream } = dead
    const waiting = { position, run, stream, attempts: 0, firstAt: 0, nextAt: 0 }
    consumer.dead.delete(dead.id)
    consumer.waiting.set(waitingKey(waiting), waiting)
    consumer.fresh.waiting.push(waiting)
  }
  return selected.length
}

export function discardIn(consumers: readonly MemoryConsumer[], query: DeadLetterQuery): number {
  const selected = select(consumers, query)
  for (const { consumer, dead } of selected) consumer.dead.delete(dead.id)
  return selected.length
}

function letterOf(consumer: string, dead: Dead, event: Envelope): DeadLetter {
  const { id, attempts, firstAt, lastAt, errorCode, errorMessage, exhausted } = dead
  return { id, consumer, event, attempts, firstAt, lastAt, errorCode, errorMessage, exhausted }
}

interface Selected {
  readonly consumer: MemoryConsumer
  readonly dead: Dead
}

/** Oldest event first. */
function select(consumers: readonly MemoryConsumer[], query: DeadLetterQuery): readonly Selected[] {
  const ids = query.ids && new Set(query.ids)
  return consumers
    .filter(({ name }) => query.consumer === undefined || name === query.consumer)
    .flatMap((consumer) => [...consumer.dead.values()].map((dead) => ({ consumer, dead })))
    .filter(({ dead }) => !ids || ids.has(dead.id))
    .toSorted((a, b) => a.dead.position - b.dead.position)
    .slice(0, query.limit)
}
