import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { systemClock } from '@stoa/platform/clock'
import { requireConfig } from '@stoa/platform/config'
import { createBackups } from '@stoa/platform/create-backups.dynamodb'
import { systemRandom } from '@stoa/platform/random'
import { reconcileDynamo } from '@stoa/platform/restore.dynamodb'
import { restoreTables } from '@stoa/platform/restore-tables.dynamodb'
import type { Env } from '@stoa/platform/subgraph'
import { z } from 'zod'
import { awsCredentials, awsCredentialsShape, awsEndpoint } from '../../stacks/aws-access.ts'
import { prefix } from '../../stacks/prefix.ts'
import { subgraphNames } from '../../subgraphs.ts'

/** The tables of a shop on AWS, as who backs them up and restores them needs them. */
export interface ShopTables extends AsyncDisposable {
  create(name: string | undefined): Promise<void>
  restore(request: RestoreRequest): Promise<void>
  reconcile(request: ReconcileRequest): Promise<void>
}

export interface RestoreRequest {
  readonly prefix: string
  readonly source: { readonly at: number } | { readonly backup: string }
  readonly hours: number
}

export interface ReconcileRequest {
  readonly prefix: string
  /** Epoch milliseconds. */
  readonly at: number
  /** They were reconciled before, and no shop was started on them. */
  readonly isAgain: boolean
}

const config = z.object({
  AWS_REGION: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
    .meta({ example: 'eu-west-1' }),
  ...awsCredentialsShape,
  AWS_ENDPOINT_URL_DYNAMODB: awsEndpoint,
  STOA_PREFIX: prefix,
})

/** Clocks of writers do not differ by more, and no transaction takes longer. */
const MARGIN_MS = 600_000
const HOUR_MS = 3_600_000

/** The shop that the environment names; `say` is given what was done, an object each. */
export function openShopTables(env: Env, say: (line: object) => void): ShopTables {
  const settings = requireConfig(config, env)
  const endpoint = settings.AWS_ENDPOINT_URL_DYNAMODB
  const client = new DynamoDBClient({
    ...{ region: settings.AWS_REGION, maxAttempts: 1 },
    ...awsCredentials(settings),
    ...(endpoint === undefined ? {} : { endpoint }),
  })
  // The system's timers let a program end while it waits; this one is there to wait.
  const waiting = setInterval(() => {}, HOUR_MS)
  const tools = { client, clock: systemClock, random: systemRandom, stores: subgraphNames }

  async function reconcile({ prefix: to, at, isAgain }: ReconcileRequest): Promise<void> {
    const onProgress = (step: object): void => say({ event: 'reconciling', ...step })
    const done = await reconcileDynamo({ ...tools, prefix: to, since: at - MARGIN_MS, isAgain, onProgress })
    say({ event: 'reconciled', prefix: to, ...totals(done.stores), untold: done.untold })
  }

  return {
    async create(name = `stoa-${new Date(systemClock.now()).toISOString().replaceAll(/[:.]/g, '-')}`) {
      const backups = await createBackups({ ...tools, prefix: settings.STOA_PREFIX, name })
      for (const backup of backups) say({ event: 'backed-up', name, ...backup })
    },
    async restore({ prefix: to, source, hours }) {
      const from = settings.STOA_PREFIX
      let ready = -1
      const { earliest, tables } = await restoreTables({
        ...{ ...tools, from, to, source, withinMs: hours * HOUR_MS },
        onProgress(now, of) {
          if (now !== ready) say({ event: 'restoring', ready: now, of })
          ready = now
        },
      })
      say({
        event: 'restored',
        prefix: to,
        tables: tables.length,
        earliest: new Date(earliest).toISOString(),
      })
      await reconcile({ prefix: to, at: earliest, isAgain: false })
    },
    reconcile,
    async [Symbol.asyncDispose]() {
      clearInterval(waiting)
      client.destroy()
    },
  }
}

function totals(stores: Readonly<Record<string, { rows: number; told: number }>>) {
  const all = Object.values(stores)
  const sum = (of: (store: { rows: number; told: number }) => number): number =>
    all.reduce((total, store) => total + of(store), 0)
  return { rows: sum(({ rows }) => rows), toldAgain: sum(({ told }) => told) }
}
