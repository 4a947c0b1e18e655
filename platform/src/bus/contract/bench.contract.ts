import type { Clock } from '../../clock.ts'
import { createVirtualClock, type VirtualClock } from '../../clock.virtual.ts'
import type { Envelope } from '../../event.ts'
import type { Consumer, Delivery, EventBus } from '../../event-bus.ts'
import type { JsonObject } from '../../json.ts'
import { type Log, silentLog } from '../../log.ts'
import { type Random, seededRandom } from '../../random.ts'

export interface BusContract {
  readonly name: string
  /** Whether what was published outlives the process. */
  readonly durable: boolean
  /** How many ids back a repeat is recognised, for an engine that forgets. Default: for ever. */
  readonly window?: number
  /** How many random histories are tried. */
  readonly runs: number
  /** How many events the longest histories have. Default 10,000; fewer for an engine behind a slow emulator. */
  readonly size?: number
  /** A place where buses can be opened, one after the other. */
  readonly place: () => Promise<BusPlace>
  /**
   * Lets everything happen that needs no time to pass on the clock, for when the bus itself cannot come to rest. Needed by
   * engines that wait for a network; the others are done within a few turns of the event loop.
   */
  readonly settle?: () => Promise<void>
}

export function sizeOf({ size = 10_000 }: BusContract): number {
  return size
}

export interface BusPlace extends AsyncDisposable {
  open(options: OpenOptions): EventBus | Promise<EventBus>
}

export interface OpenOptions {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly closeMs?: number
}

/** One bus on a virtual clock, as the contract suite drives it. */
export interface Bench extends AsyncDisposable {
  readonly bus: EventBus
  readonly clock: VirtualClock
  /** Lets time pass timer by timer, and everything that a timer starts come to rest. */
  pass(ms: number): Promise<void>
  /** Lets everything happen that needs no time, although a handler still runs. */
  settle(): Promise<void>
  /** Closes the bus and opens the same data again. */
  reopen(): Promise<EventBus>
}

export async function openBench(contract: BusContract, seed = 1): Promise<Bench> {
  const place = await contract.place()
  const clock = createVirtualClock()
  const options = { clock, random: seededRandom(seed), log: silentLog, closeMs: 1000 }
  let bus = await place.open(options)
  return {
    clock,
    get bus() {
      return bus
    },
    async pass(ms) {
      const until = clock.now() + ms
      await bus.idle()
      for (let next = clock.nextAt(); next !== undefined && next <= until; next = clock.nextAt()) {
        clock.advance(next - clock.now())
        await bus.idle()
      }
      clock.advance(until - clock.now())
      await bus.idle()
    },
    settle: contract.settle ?? turns,
    async reopen() {
      await bus[Symbol.asyncDispose]()
      bus = await place.open(options)
      return bus
    },
    async [Symbol.asyncDispose]() {
      await bus[Symbol.asyncDispose]()
      await place[Symbol.asyncDispose]()
    },
  }
}

/** `told('order-1', 2)` is event 2 of that stream, always with the same id. */
export function told(stream: string, version: number, more: Partial<Envelope> = {}): Envelope {
  return {
    id: `${stream}@${version}`,
    type: 'OrderCreated',
    at: 1_767_600_000_000 + version,
    stream,
    version,
    source: 'orders',
    data: { n: version },
    meta: { correlationId: 'C-1' },
    ...more,
  }
}

export function toldMany(stream: string, count: number, data: JsonObject = {}): readonly Envelope[] {
  return Array.from({ length: count }, (_, i) => told(stream, i + 1, { data }))
}

/** What a handler was given. */
export interface Telling {
  readonly event: Envelope
  readonly attempt: number
  readonly replay: boolean
}

/** A consumer that remembers everything; `behave` may fail or take its time. */
export interface Listener {
  readonly consumer: Consumer
  readonly tellings: Telling[]
  /** The ids it handled, in order. */
  readonly handled: string[]
}

export function listener(
  name: string,
  more: Partial<Consumer> = {},
  behave: (event: Envelope, delivery: Delivery) => Promise<void> | void = () => {},
): Listener {
  const tellings: Telling[] = []
  const handled: string[] = []
  const consumer: Consumer = {
    name,
    pattern: { source: ['orders'] },
    async handle(event, delivery) {
      tellings.push({ event, attempt: delivery.attempt, replay: delivery.replay })
      await behave(event, delivery)
      handled.push(event.id)
    },
    ...more,
  }
  return { consumer, tellings, handled }
}

/** So many turns of the event loop. */
export async function turns(count = 20): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}
