import { Client, type Pool } from 'pg'
import type { Clock, Timer } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Random } from '../random.ts'
import { errorCode } from './errors.ts'
import { connectionOf, type PoolOptions } from './pool.ts'

/**
 * LISTEN and NOTIFY as a doorbell between processes. It may stay silent (a lost connection, a crash), so whoever
 * waits for it looks now and then as well.
 */
export interface Bell extends AsyncDisposable {
  /** Rings for the others, at most every 20 ms, and never for this process. */
  ring(channel: string): void
  hear(channel: string, onRing: () => void): Disposable
}

interface BellParts extends Pick<PoolOptions, 'url' | 'password'> {
  readonly pool: Pool
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

const RING_EVERY_MS = 20
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5000

export function openBell(parts: BellParts): Bell {
  const me = parts.random.uuid()
  const ears = new Map<string, Set<() => void>>()
  const ringer = createRinger(parts, me)
  const listener = createListener(parts, {
    channels: () => ears.keys(),
    size: () => ears.size,
    onNotice(channel, sender) {
      if (sender !== me) tell(channel)
    },
    // Nobody knows what was rung while nobody listened.
    onConnected: () => [...ears.keys()].forEach(tell),
  })

  function tell(channel: string): void {
    for (const onRing of ears.get(channel) ?? []) onRing()
  }

  return {
    ring: ringer.ring,
    hear(channel, onRing) {
      const ear = (): void => onRing()
      const known = ears.has(channel)
      ears.getOrInsertComputed(channel, () => new Set()).add(ear)
      if (!known) listener.listen(channel)
      return { [Symbol.dispose]: () => void ears.get(channel)?.delete(ear) }
    },
    async [Symbol.asyncDispose]() {
      ringer.stop()
      await listener[Symbol.asyncDispose]()
    },
  }
}

/**
 * Not inside the transaction that has the news: PostgreSQL lets transactions with a NOTIFY commit only one after the
 * other, all databases of the cluster together, which would end its group commit.
 */
function createRinger(parts: BellParts, me: string): { ring(channel: string): void; stop(): void } {
  const { pool, clock } = parts
  /** Whether to ring once more, for those channels that are just rung or were less than 20 ms ago. */
  const busy = new Map<string, boolean>()
  let stopped = false

  function ring(channel: string): void {
    if (stopped) return
    if (busy.has(channel)) busy.set(channel, true)
    else void send(channel)
  }

  /** One at a time: bells that wait for a connection must not queue up before commits. */
  async function send(channel: string): Promise<void> {
    busy.set(channel, false)
    await pool.query('SELECT pg_notify($1, $2)', [channel, me]).catch(() => {})
    clock.schedule(clock.now() + RING_EVERY_MS, () => {
      const again = busy.get(channel) === true
      busy.delete(channel)
      if (again) ring(channel)
    })
  }

  return {
    ring,
    stop() {
      stopped = true
    },
  }
}

interface Ears {
  channels(): Iterable<string>
  size(): number
  onNotice(channel: string, sender: string | undefined): void
  onConnected(): void
}

/** One connection beside the pool, opened with the first channel and again whenever it is lost. */
function createListener(parts: BellParts, ears: Ears): AsyncDisposable & { listen(channel: string): void } {
  const { clock, random, log } = parts
  let client: Client | undefined
  /** One thing after the other on one connection. */
  let last: Promise<void> = Promise.resolve()
  let retry: Timer | undefined
  let closed = false
  let failures = 0

  async function connect(): Promise<void> {
    const next = new Client({
      ...connectionOf(parts),
      application_name: 'stoa bell',
      keepAlive: true,
      connectionTimeoutMillis: 3000,
    })
    next.on('error', () => {})
    next.on('notification', ({ channel, payload }) => ears.onNotice(channel, payload))
    try {
      await next.connect()
      for (const channel of ears.channels()) await next.query(`LISTEN ${next.escapeIdentifier(channel)}`)
      if (closed) return await next.end()
      next.once('end', () => again())
      client = next
      failures = 0
      ears.onConnected()
    } catch (reason) {
      log.warn(
        { code: errorCode(reason) },
        'PostgreSQL cannot be listened to; looking now and then meanwhile',
      )
      await next.end().catch(() => {})
      again()
    }
  }

  function again(): void {
    client = undefined
    if (closed) return
    failures += 1
    const ceiling = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures)
    retry = clock.schedule(clock.now() + FIRST_PAUSE_MS + random.next() * ceiling, start)
  }

  function start(): void {
    retry?.cancel()
    if (client || closed) return
    last = last.then(connect)
  }

  return {
    listen(channel) {
      if (ears.size() === 1) return start()
      // While none is open the next one hears of all channels.
      last = last.then(async () => {
        await client?.query(`LISTEN ${client.escapeIdentifier(channel)}`).catch(() => {})
      })
    },
    async [Symbol.asyncDispose]() {
      closed = true
      retry?.cancel()
      await last
      await client?.end().catch(() => {})
    },
  }
}
