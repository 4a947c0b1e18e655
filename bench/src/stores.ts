import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { systemClock } from '@stoa/platform/clock'
import type { EventStore, Transaction } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { openSqliteStore } from '@stoa/platform/event-store.sqlite'

// Commits per second of each engine, every commit one event and one row, as a command with its idempotency record
// makes them; beside them what SQLite does bare, with one fsync for each insert and with one for all.
// Run: node bench/src/stores.ts

const AT_ONCE = 64
const clock = systemClock
const outcome = { requestHash: 'a'.repeat(64), outcome: { version: 1, state: { kind: 'created' } } }

const figures = {
  memoryCommitsPerSecond: await measure(async () => openMemoryStore({ clock }), 50_000, AT_ONCE),
  sqliteMemoryCommitsPerSecond: await measure(
    () => openSqliteStore({ clock, path: ':memory:' }),
    40_000,
    AT_ONCE,
  ),
  sqliteFileCommitsPerSecond: await onDisk((path) =>
    measure(() => openSqliteStore({ clock, path }), 40_000, AT_ONCE),
  ),
  sqliteFileOneByOneCommitsPerSecond: await onDisk((path) =>
    measure(() => openSqliteStore({ clock, path }), 2000, 1),
  ),
  sqliteFileCommitMsP50: await onDisk((path) => commitLatency(path, 0.5)),
  sqliteFileCommitMsP99: await onDisk((path) => commitLatency(path, 0.99)),
  bareSqliteCommitsPerSecondOneFsyncEach: await onDisk((path) => bareInserts(path, 2000, 1)),
  bareSqliteCommitsPerSecondOneFsyncPer64: await onDisk((path) => bareInserts(path, 40_000, AT_ONCE)),
  memoryReadsPerSecond: await measureReads(async () => openMemoryStore({ clock })),
  sqliteReadsPerSecond: await onDisk((path) => measureReads(() => openSqliteStore({ clock, path }))),
}

for (const [name, value] of Object.entries(figures)) {
  process.stderr.write(`${name.padEnd(44)} ${value.toLocaleString('en')}\n`)
}
process.stdout.write(`${JSON.stringify({ name: 'stores', figures })}\n`)

async function measure(open: () => Promise<EventStore>, count: number, atOnce: number): Promise<number> {
  await using store = await open()
  let next = 0
  const writer = async (): Promise<void> => {
    while (next < count) {
      next += 1
      const committed = await store.commit(transaction(next))
      if (!committed.ok) throw new Error(`Commit ${next} conflicted.`)
    }
  }
  return await rate(count, () => Promise.all(Array.from({ length: atOnce }, writer)))
}

/** How long one commit takes while 64 writers are at work. */
async function commitLatency(path: string, quantile: number): Promise<number> {
  await using store = await openSqliteStore({ clock, path })
  const times: number[] = []
  let next = 0
  const writer = async (): Promise<void> => {
    while (next < 10_000) {
      next += 1
      const start = performance.now()
      await store.commit(transaction(next))
      times.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, writer))
  times.sort((a, b) => a - b)
  return Number((times[Math.floor(times.length * quantile)] ?? 0).toFixed(2))
}

async function measureReads(open: () => Promise<EventStore>): Promise<number> {
  await using store = await open()
  for (let i = 1; i <= 1000; i++) await store.commit(transaction(i))
  const keys = Array.from({ length: 100 }, (_, i) => rowOf(i * 10 + 1))
  const rounds = 2000
  return await rate(rounds * keys.length, async () => {
    for (let i = 0; i < rounds; i++) await store.getMany(keys)
  })
}

/** The same two inserts by hand, without versions, expectations, savepoints or answers. */
async function bareInserts(path: string, count: number, perCommit: number): Promise<number> {
  using db = new DatabaseSync(path)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  db.exec('CREATE TABLE e (n INTEGER PRIMARY KEY, s TEXT, v INTEGER, d TEXT, m TEXT, UNIQUE (s, v)) STRICT')
  db.exec('CREATE TABLE r (k TEXT PRIMARY KEY, v TEXT) STRICT, WITHOUT ROWID')
  const event = db.prepare('INSERT INTO e (s, v, d, m) VALUES (?, 1, ?, ?)')
  const row = db.prepare('INSERT INTO r VALUES (?, ?)')
  return await rate(count, async () => {
    for (let i = 0; i < count; ) {
      db.exec('BEGIN IMMEDIATE')
      for (let n = 0; n < perCommit; n++, i++) {
        event.run(`order-${i}`, JSON.stringify(orderData(i)), '{"correlationId":"C-1"}')
        row.run(`key-${i}`, JSON.stringify(outcome))
      }
      db.exec('COMMIT')
    }
  })
}

function transaction(n: number): Transaction {
  const meta = { correlationId: 'C-1' }
  const event = { id: `E-${n}`, type: 'OrderCreated', at: clock.now(), data: orderData(n), meta }
  return {
    appends: [{ stream: `order-${n}`, expectedVersion: 0, events: [event] }],
    rows: [{ ...rowOf(n), value: outcome, expect: 'absent' }],
  }
}

function rowOf(n: number) {
  return { table: 'idempotency', partition: `customer:${n % 100}`, sort: `key-${n}` }
}

function orderData(n: number) {
  const line = { sku: 'TEE-0001-M', quantity: 2, unitPrice: { minor: 1999, currency: 'EUR' } }
  return { orderId: `O-${n}`, customerId: `CU-${n % 100}`, market: 'IT', lines: [line, line, line] }
}

async function rate(count: number, run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await run()
  return Math.round((count / (performance.now() - start)) * 1000)
}

async function onDisk(run: (path: string) => Promise<number>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'stoa-bench-'))
  try {
    return await run(join(folder, 'bench.db'))
  } finally {
    await rm(folder, { recursive: true })
  }
}
