import type { Message } from '@aws-sdk/client-sqs'
import { sleep, type Timer } from '../../clock.ts'
import type { Envelope } from '../../event.ts'
import type { EventPattern } from '../../event-pattern.ts'
import { toFault } from '../../fault.ts'
import type { IndexRow } from '../eventbridge/items.ts'
import type { EventLog } from '../eventbridge/log.ts'
import type { EventBridgeParts } from '../eventbridge/parts.ts'
import { createRecent } from '../eventbridge/recent.ts'
import { takeArrivals } from './arrivals.ts'
import type { Tenancy } from './books.ts'
import { type Buffer, createBuffer } from './buffer.ts'
import { createIntake } from './intake.ts'
import type { Letters } from './letters.ts'
import { createSequencer } from './sequencer.ts'
import { createSweep, finalPosition } from './sweep.ts'

/** The time for which this process owns a consumer: takes events in, and knows how far all is settled. */
export interface Tenure {
  readonly tenancy: Tenancy
  readonly buffer: Pick<Buffer, 'after' | 'find'>
  /** Everything taken in up to this place is handled, waiting or dead. */
  settle(place: number): Promise<void>
  /** All events of the log up to here are settled. */
  swept(): number
  hasTaken(of: Pick<IndexRow, 'stream' | 'sequence' | 'position'>): boolean
  /** Takes in all that is published by now. False when there was no room for it. */
  catchUp(): Promise<boolean>
  /** Stops, gives back what is not settled, and answers what an owner after us must know. */
  close(): Promise<{ readonly swept: number; readonly settled: readonly number[] }>
  /** Stops at once: somebody else is the owner. */
  abandon(): void
}

export interface TenureParts extends EventBridgeParts {
  readonly eventLog: EventLog
  readonly letters: Letters
  readonly queueUrl: string
  readonly waitSeconds: number
  readonly visibilitySeconds: number
  readonly sweepEveryMs: number
  readonly pattern: EventPattern
  readonly wants: (event: Envelope) => boolean
  readonly tenancy: Tenancy
  readonly nextPlace: () => number
  /** There are new events in the buffer. */
  readonly onTaken: () => void
  /** Somebody asked for events to be told again. */
  readonly onAsked: () => void
}

/** Taken in and not settled: bounds memory, and messages in flight. */
const MAX_UNSETTLED = 2000
/** Positions that a late repeat is known by. */
const REMEMBERED = 20_000
/** A sweep that found no room for all looks again after this. */
const ROOM_MS = 50

export function openTenure(parts: TenureParts): Tenure {
  const { tenancy, clock, wire, eventLog, visibilitySeconds } = parts
  const buffer = createBuffer(parts.nextPlace)
  const settled = new Set(tenancy.settled)
  const taken = createRecent<number, true>(REMEMBERED)
  const stopping = new AbortController()
  let swept = tenancy.consumer.swept
  let timer: Timer | undefined
  let working: Promise<unknown> = Promise.resolve()

  const wasTaken = (position: number): boolean => taken.get(position) === true
  const hasRoom = (): boolean => buffer.size() < MAX_UNSETTLED
  const sequencer = createSequencer({
    log: eventLog,
    swept: () => swept,
    began: swept,
    isSettled: (position) => settled.has(position) || wasTaken(position),
    wants: parts.wants,
    onEvent(logged) {
      taken.set(logged.position, true)
      buffer.push(logged)
    },
  })
  const sweep = createSweep({ ...parts, sequencer, hasRoom, hasTaken })
  const intake = createIntake({ ...parts, hasRoom, take: (messages) => alone(() => takeMessages(messages)) })

  /** One at a time: a gap that is being filled must not be filled by another at once. */
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const done = working.then(work)
    working = done.catch(() => {})
    return done
  }

  async function takeMessages(messages: readonly Message[]): Promise<void> {
    const done = await takeArrivals({ ...parts, sequencer, buffer, wasTaken }, messages)
    if (buffer.size() > 0) parts.onTaken()
    await intake.remove(done)
  }

  function hasTaken(row: Pick<IndexRow, 'stream' | 'sequence' | 'position'>): boolean {
    return sequencer.hasTaken(row) || settled.has(row.position)
  }

  function advance(): number {
    swept = Math.max(swept, Math.min(sweep.verified(), buffer.lowest() - 1))
    for (const position of settled) if (position <= swept) settled.delete(position)
    sequencer.forget(swept)
    return swept
  }

  async function sweepNow(): Promise<void> {
    try {
      const isDone = await alone(() => sweep.to(finalPosition(parts)))
      advance()
      sweepAfter(isDone ? parts.sweepEveryMs : ROOM_MS)
    } catch (reason) {
      parts.log.error({ code: toFault(reason).code }, 'The log cannot be swept; trying again.')
      sweepAfter(parts.sweepEveryMs)
    }
  }

  function sweepAfter(ms: number): void {
    if (!stopping.signal.aborted) timer = clock.schedule(clock.now() + ms, () => void sweepNow())
  }

  /** Messages in flight stay so for as long as they are worked on. */
  async function keepHold(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await sleep(wire.clock, (visibilitySeconds * 1000) / 3, stopping.signal)
        await intake.hold(receipts(), visibilitySeconds)
      } catch (reason) {
        if (stopping.signal.aborted) return
        parts.log.error({ code: toFault(reason).code }, 'Messages cannot be held; they may come twice.')
      }
    }
  }

  function receipts(): readonly string[] {
    return buffer.all().flatMap((entry) => entry.receipts)
  }

  function stop(): void {
    stopping.abort()
    intake.stop()
    timer?.cancel()
  }

  void keepHold()
  if (parts.waitSeconds > 0) {
    intake.start()
    void sweepNow()
  }

  return {
    tenancy,
    buffer,
    hasTaken,
    swept: advance,
    abandon: stop,
    async settle(place) {
      const entries = buffer.settleTo(place)
      for (const { logged } of entries) settled.add(logged.position)
      try {
        await intake.remove(entries.flatMap((entry) => entry.receipts))
      } catch (reason) {
        parts.log.warn(
          { code: toFault(reason).code },
          'Messages cannot be deleted; they come again and are known.',
        )
      }
    },
    async catchUp() {
      await intake.drain()
      const last = await eventLog.index.last()
      const isDone = (await alone(() => sweep.to(last))) && hasRoom()
      advance()
      return isDone
    },
    async close() {
      stop()
      await working
      await intake.hold(receipts(), 0)
      advance()
      return { swept, settled: [...settled] }
    },
  }
}
