import { afterAll, beforeAll, describe } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { openPostgresStore } from '@stoa/platform/event-store.postgres'
import { silentLog } from '@stoa/platform/log'
import { openPostgres, type Postgres } from '@stoa/platform/postgres-open'
import { systemRandom } from '@stoa/platform/random'
import type { LocalServer } from '@stoa/servers/local-server'
import { startPostgres, whyNoPostgres } from '@stoa/servers/postgres'
import { spreadSkuContract } from './spread-sku.contract.ts'

const reason = whyNoPostgres()
const describeHere = reason ? describe.skip : describe
const ports = { clock: systemClock, random: systemRandom, log: silentLog }

describeHere(reason ? `SKUs are not spread on PostgreSQL: ${reason}` : 'on PostgreSQL', () => {
  let server: LocalServer
  let database: Postgres
  let schemas = 0

  beforeAll(async () => {
    server = await startPostgres()
    database = openPostgres({ ...ports, url: server.endpoint })
  })

  afterAll(async () => {
    await database[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  spreadSkuContract({
    runs: 3,
    shoppers: 60,
    open() {
      schemas += 1
      return openPostgresStore({ ...ports, database, schema: `spread${schemas}` })
    },
  })
})
