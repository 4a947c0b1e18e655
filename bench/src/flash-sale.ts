import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { systemClock } from '@stoa/platform/clock'
import type { EventStore } from '@stoa/platform/event-store'
import { openDynamoStore } from '@stoa/platform/event-store.dynamodb'
import { openPostgresStore } from '@stoa/platform/event-store.postgres'
import { openSqliteStore } from '@stoa/platform/event-store.sqlite'
import { silentLog } from '@stoa/platform/log'
import { openPostgres } from '@stoa/platform/postgres-open'
import { systemRandom } from '@stoa/platform/random'
import { startDynamodbLocal, whyNoDynamodbLocal } from '@stoa/servers/dynamodb-local'
import { startPostgres, whyNoPostgres } from '@stoa/servers/postgres'
import { type FlashSale, raceForOneSku } from './flash-sale-race.ts'

// How many orders a second get a unit of one SKU, 64 at a time, kept in one shard and spread over 16, on each engine.
// Run: npm run bench:flash-sale -- [sqlite postgres dynamodb]

const AT_ONCE = 64
const ports = { clock: systemClock, random: systemRandom }

interface Engine {
  /** Why it cannot run on this machine. */
  readonly whyNot: () => string | undefined
  readonly measure: () => Promise<readonly [FlashSale, FlashSale]>
}

const engines: Readonly<Record<string, Engine>> = {
  sqlite: { whyNot: () => undefined, measure: onSqlite },
  postgres: { whyNot: whyNoPostgres, measure: onPostgres },
  dynamodb: { whyNot: whyNoDynamodbLocal, measure: onDynamodb },
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in engines))
if (unknown.length > 0)
  throw new Error(`Expected engines of ${Object.keys(engines).join(', ')}; got ${unknown.join(', ')}.`)

const figures: Record<string, number> = {}
for (const [name, engine] of Object.entries(engines)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const whyNot = engine.whyNot()
  if (whyNot === undefined) Object.assign(figures, named(name, ...(await engine.measure())))
  else process.stderr.write(`${name} is not measured: ${whyNot}.\n`)
}
process.stdout.write(`${JSON.stringify({ name: 'flash-sale', figures })}\n`)

function named(name: string, plain: FlashSale, spread: FlashSale): Readonly<Record<string, number>> {
  const found = {
    [`${name}OrdersPerSecondOn1Shard`]: plain.ordersPerSecond,
    [`${name}OrdersPerSecondOn16Shards`]: spread.ordersPerSecond,
    [`${name}TimesAsMany`]: Number((spread.ordersPerSecond / plain.ordersPerSecond).toFixed(2)),
    [`${name}RetriesPerOrderOn1Shard`]: plain.retriesPerOrder,
    [`${name}RetriesPerOrderOn16Shards`]: spread.retriesPerOrder,
  }
  for (const [figure, value] of Object.entries(found))
    process.stderr.write(`${figure.padEnd(44)} ${value.toLocaleString('en')}\n`)
  return found
}

async function onSqlite(): Promise<readonly [FlashSale, FlashSale]> {
  const folder = await mkdtemp(join(tmpdir(), 'stoa-bench-'))
  try {
    await using store = await openSqliteStore({ clock: systemClock, path: join(folder, 'bench.db') })
    return await race(store, 1500)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function onPostgres(): Promise<readonly [FlashSale, FlashSale]> {
  await using server = await startPostgres()
  await using database = openPostgres({ ...ports, log: silentLog, url: server.endpoint })
  await using store = await openPostgresStore({ ...ports, log: silentLog, database, schema: 'bench' })
  return await race(store, 1500)
}

async function onDynamodb(): Promise<readonly [FlashSale, FlashSale]> {
  await using server = await startDynamodbLocal()
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const config = { endpoint: server.endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 }
  const client = new DynamoDBClient(config)
  try {
    await using store = openDynamoStore({ ...ports, client, tablePrefix: 'bench-' })
    await store.createTables()
    return await race(store, 4000)
  } finally {
    client.destroy()
  }
}

function race(store: EventStore, roundMs: number): Promise<readonly [FlashSale, FlashSale]> {
  return raceForOneSku({ store, atOnce: AT_ONCE, rounds: 4, roundMs })
}
