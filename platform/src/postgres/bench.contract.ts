import { afterAll, beforeAll, describe } from '@jest/globals'
import type { LocalServer } from '@stoa/servers/local-server'
import { type PostgresOptions as ServerOptions, startPostgres, whyNoPostgres } from '@stoa/servers/postgres'
import { type Clock, systemClock } from '../clock.ts'
import { type Log, silentLog } from '../log.ts'
import { type Random, systemRandom } from '../random.ts'
import { openPostgres, type Postgres } from './open.ts'
import type { PoolOptions } from './pool.ts'

export const ports: { readonly clock: Clock; readonly random: Random; readonly log: Log } = {
  clock: systemClock,
  random: systemRandom,
  log: silentLog,
}

/** One server for a file of tests. */
export interface PostgresBench {
  readonly server: LocalServer
  /** For everybody in the file. */
  readonly database: Postgres
  connect(options?: Partial<PoolOptions>): Postgres
  /** The server's URL with another port or database. */
  url(change: { readonly port?: number; readonly database?: string }): string
  /** A name nobody had before. */
  schema(): string
}

export function describePostgres(
  title: string,
  tests: (bench: PostgresBench) => void,
  options: ServerOptions = {},
): void {
  const reason = whyNoPostgres()
  const describeHere = reason ? describe.skip : describe
  describeHere(reason ? `PostgreSQL is not tried: ${reason}` : title, () => {
    let opened: { readonly server: LocalServer; readonly database: Postgres }
    let schemas = 0

    beforeAll(async () => {
      const server = await startPostgres(options)
      opened = { server, database: openPostgres({ ...ports, url: server.endpoint }) }
    })
    afterAll(async () => {
      await opened.database[Symbol.asyncDispose]()
      await opened.server[Symbol.asyncDispose]()
    })

    tests({
      get server() {
        return opened.server
      },
      get database() {
        return opened.database
      },
      connect: (more = {}) => openPostgres({ ...ports, url: opened.server.endpoint, ...more }),
      url({ port, database }) {
        const url = new URL(opened.server.endpoint)
        if (port !== undefined) url.port = String(port)
        if (database !== undefined) url.pathname = database
        return url.href
      },
      schema() {
        schemas += 1
        return `s${schemas}`
      },
    })
  })
}
