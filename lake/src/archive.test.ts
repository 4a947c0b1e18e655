import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import type { Envelope } from '@stoa/platform/event'
import type { EventBus } from '@stoa/platform/event-bus'
import { openMemoryBus } from '@stoa/platform/event-bus.memory'
import { openSqliteBus } from '@stoa/platform/event-bus.sqlite'
import { Fault } from '@stoa/platform/fault'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { duck } from '../test/duck.ts'
import { facts } from '../test/facts.ts'
import { memoryObjects } from '../test/memory-objects.ts'
import { ARCHIVE_CONSUMER, startArchive } from './archive.ts'
import { openFolderObjects } from './object-store.folder.ts'
import type { ObjectStore } from './object-store.ts'
import { readArchive } from './read-archive.ts'

const ports = { clock: systemClock, random: systemRandom, log: silentLog }
const limits = { maxAgeMs: 50 }

async function temporary(): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'stoa-lake-'))
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

async function all(events: AsyncIterable<Envelope>): Promise<Envelope[]> {
  const read: Envelope[] = []
  for await (const event of events) read.push(event)
  return read
}

const byId = (one: Envelope, other: Envelope): number => (one.id < other.id ? -1 : 1)

async function archived(bus: EventBus): Promise<Envelope[]> {
  const events: Envelope[] = []
  let after: string | undefined
  do {
    const page = await bus.archive({ limit: 1000, ...(after === undefined ? {} : { after }) })
    events.push(...page.events)
    after = page.next
  } while (after !== undefined)
  return events
}

describe('the archive of the lake', () => {
  it('keeps everything that was on the bus, imported history too, exactly as it was', async () => {
    const objects = memoryObjects()
    await using bus = openMemoryBus(ports)
    await bus.publish(facts(600))
    await using _archive = await startArchive({ bus, objects, clock: systemClock, limits })
    await bus.idle()
    const kept = await all(readArchive({ objects }))
    expect(kept.toSorted(byId)).toEqual((await archived(bus)).toSorted(byId))
  })

  it('is read by DuckDB: counts, ids, types and days as on the bus', async () => {
    await using place = await temporary()
    const objects = await openFolderObjects({
      folder: place.folder,
      clock: systemClock,
      random: systemRandom,
    })
    await using bus = openMemoryBus(ports)
    await bus.publish(facts(600))
    await using _archive = await startArchive({ bus, objects, clock: systemClock, limits })
    await bus.idle()
    const parquet = `read_parquet('${place.folder}/events/format=parquet/*/*/*.parquet', hive_partitioning = true)`
    const lines = `read_json('${place.folder}/events/format=jsonl/*/*/*.jsonl.gz', format = 'newline_delimited', hive_partitioning = true)`
    for (const table of [parquet, lines]) {
      const count = `SELECT count(*)::INT AS events, count(DISTINCT id)::INT AS ids FROM ${table}`
      expect(await duck(count)).toEqual([{ events: 600, ids: 600 }])
      const grouped = `SELECT day::VARCHAR AS day, type, count(*)::INT AS n FROM ${table} GROUP BY ALL ORDER BY ALL`
      expect(await duck(grouped)).toEqual(countByDayAndType(await archived(bus)))
    }
  })

  it('has typed columns in Parquet', async () => {
    await using place = await temporary()
    const objects = await openFolderObjects({
      folder: place.folder,
      clock: systemClock,
      random: systemRandom,
    })
    await using bus = openMemoryBus(ports)
    const [first] = facts(1)
    await bus.publish(facts(1))
    await using _archive = await startArchive({ bus, objects, clock: systemClock, limits })
    await bus.idle()
    const file = `'${place.folder}/events/format=parquet/*/*/*.parquet'`
    const columns = await duck(`DESCRIBE SELECT * FROM read_parquet(${file}, hive_partitioning = false)`)
    expect(columns.map((column) => `${column['column_name']} ${column['column_type']}`)).toEqual([
      'id VARCHAR',
      'type VARCHAR',
      'source VARCHAR',
      'stream VARCHAR',
      'version INTEGER',
      'happened_at TIMESTAMP',
      'correlation_id VARCHAR',
      'causation_id VARCHAR',
      'traceparent VARCHAR',
      'imported BOOLEAN',
      'data VARCHAR',
    ])
    const [row] = await duck(`SELECT *, epoch_ms(happened_at)::BIGINT AS ms FROM read_parquet(${file})`)
    expect(row).toMatchObject({ id: first?.id, version: 1, ms: BigInt(first?.at ?? 0), imported: true })
    expect(row).toMatchObject({ correlation_id: 'R-0', causation_id: 'E-0', traceparent: null })
    expect(JSON.parse(String(row?.['data']))).toEqual(first?.data)
  })

  it('writes exactly one object a batch and format, under the same name', async () => {
    const objects = memoryObjects()
    await using bus = openMemoryBus(ports)
    await bus.publish(facts(30, 30))
    await using _archive = await startArchive({ bus, objects, clock: systemClock, limits })
    await bus.idle()
    const keys = [...objects.held.keys()]
    expect(keys).toHaveLength(6)
    const names = keys.map((key) => key.replace(/format=[a-z]+/, '').replace(/\.(jsonl\.gz|parquet)$/, ''))
    expect(new Set(names).size).toBe(3)
    expect(
      keys.every((key) =>
        /^events\/format=(jsonl|parquet)\/day=2026-11-\d\d\/type=[A-Z]\w+\/[0-9a-f]{32}\./.test(key),
      ),
    ).toBe(true)
  })

  it('does not let the cursor pass what is not written: after a crash it is told again', async () => {
    await using place = await temporary()
    const path = join(place.folder, 'bus.sqlite')
    const objects = memoryObjects()
    objects.beforePut = () => new Promise(() => {})
    {
      const bus = await openSqliteBus({ ...ports, path, closeMs: 10 })
      await bus.publish(facts(40))
      const archive = await startArchive({ bus, objects, clock: systemClock, limits })
      await archive[Symbol.asyncDispose]()
      await bus[Symbol.asyncDispose]()
    }
    expect(objects.held.size).toBe(0)
    objects.beforePut = () => {}
    await using bus = await openSqliteBus({ ...ports, path })
    await using _archive = await startArchive({ bus, objects, clock: systemClock, limits })
    await bus.idle()
    expect(await all(readArchive({ objects }))).toHaveLength(40)
  })

  it('tries again when the place for objects is away, and loses nothing', async () => {
    const objects = memoryObjects()
    let failures = 5
    objects.beforePut = () => {
      if (failures-- > 0) throw new Fault('STORE_UNAVAILABLE', 'away')
    }
    await using bus = openMemoryBus(ports)
    await bus.publish(facts(40))
    await using _archive = await startArchive({ bus, objects, clock: systemClock, limits })
    await untilCaughtUp(bus)
    expect((await all(readArchive({ objects }))).map(({ id }) => id).sort()).toEqual(
      facts(40)
        .map(({ id }) => id)
        .sort(),
    )
    expect(await bus.deadLetters()).toEqual([])
  })

  it('writes what waits when it is closed', async () => {
    const objects = memoryObjects()
    await using bus = openMemoryBus(ports)
    const archive = await startArchive({ bus, objects, clock: systemClock, limits: { maxAgeMs: 60_000 } })
    await bus.publish(facts(3, 3))
    await new Promise(setImmediate)
    await archive[Symbol.asyncDispose]()
    expect(await all(readArchive({ objects }))).toHaveLength(3)
  })
})

describe('the archive read back', () => {
  it('restores a bus: every stream in order, each event once', async () => {
    const objects = memoryObjects()
    await keep(objects, facts(300))
    // Told again in other company, as after a crash.
    await keep(objects, facts(300).slice(0, 90))
    await using bus = openMemoryBus(ports)
    for await (const event of readArchive({ objects })) await bus.publish([event])
    const restored = await archived(bus)
    expect(restored.toSorted(byId)).toEqual(facts(300).toSorted(byId))
  })

  it('keeps the order of a stream within a day though the clocks of its tellers differ', async () => {
    const objects = memoryObjects()
    const [one, two] = facts(2, 1)
    if (!one || !two) throw new Error('Expected two facts.')
    await keep(objects, [one, { ...two, at: one.at - 60_000 }])
    expect((await all(readArchive({ objects }))).map(({ version }) => version)).toEqual([1, 2])
  })

  it('reads only the days and types that were asked for', async () => {
    const objects = memoryObjects()
    await keep(objects, facts(90))
    const some = await all(
      readArchive({ objects, from: '2026-11-20', to: '2026-11-20', types: ['StockReserved'] }),
    )
    expect(some).toHaveLength(30)
    expect(await all(readArchive({ objects, types: ['OrderCancelled'] }))).toEqual([])
  })

  it('refuses a day that does not fit into memory, and an object that was tampered with', async () => {
    const objects = memoryObjects()
    await keep(objects, facts(90))
    await expect(all(readArchive({ objects, maxEventsADay: 10 }))).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
    for (const key of objects.held.keys()) objects.held.set(key, Buffer.from('not gzip'))
    await expect(all(readArchive({ objects }))).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  })
})

async function keep(objects: ObjectStore, events: readonly Envelope[]): Promise<void> {
  await using bus = openMemoryBus(ports)
  await bus.publish(events)
  await using _archive = await startArchive({ bus, objects, clock: systemClock, limits })
  await bus.idle()
}

async function untilCaughtUp(bus: EventBus): Promise<void> {
  for (;;) {
    const status = (await bus.consumers()).find(({ name }) => name === ARCHIVE_CONSUMER)
    if (status?.lag === 0) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function countByDayAndType(events: readonly Envelope[]): { day: string; type: string; n: number }[] {
  const counts = new Map<string, number>()
  for (const { at, type } of events) {
    const key = `${new Date(at).toISOString().slice(0, 10)} ${type}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, n]) => ({ day: key.slice(0, 10), type: key.slice(11), n }))
}
