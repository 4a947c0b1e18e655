import { afterAll, beforeAll, describe } from '@jest/globals'
import type { LocalServer } from '@stoa/servers/local-server'
import { startPostgres, whyNoPostgres } from '@stoa/servers/postgres'
import { systemClock } from './clock.ts'
import { eventStoreContract, type StoreBench } from './event-store.contract.ts'
import { openPostgresStore, type PostgresStoreOptions } from './event-store.postgres.ts'
import type { EventStore } from './event-store.ts'
import { silentLog } from './log.ts'
import { openPostgres, type Postgres, type PostgresOptions } from './postgres-open.ts'
import { systemRandom } from './random.ts'

const reason = whyNoPostgres()
const describeHere = reason ? describe.skip : describe
const ports = { clock: systemClock, random: systemRandom, log: silentLog }

describeHere(reason ? `PostgreSQL is not tried: ${reason}` : 'on PostgreSQL', () => {
  let server: LocalServer
  let database: Postgres
  let stores = 0

  beforeAll(async () => {
    server = await startPostgres()
    database = connect()
  })

  afterAll(async () => {
    await database[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  function connect(more: Partial<PostgresOptions> = {}): Postgres {
    return openPostgres({ ...ports, url: server.endpoint, ...more })
  }

  function openStore(schema: string, more: Partial<PostgresStoreOptions> = {}): Promise<EventStore> {
    return openPostgresStore({ ...ports, database, schema, ...more })
  }

  async function open(): Promise<StoreBench & { readonly schema: string }> {
    stores += 1
    const schema = `s${stores}`
    let store = await openStore(schema)
    return {
      schema,
      get store() {
        return store
      },
      async reopen() {
        await store[Symbol.asyncDispose]()
        store = await openStore(schema)
        return store
      },
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    }
  }

  eventStoreContract({ name: 'the PostgreSQL store', durable: true, runs: 15, open })
})
