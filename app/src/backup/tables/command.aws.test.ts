import { execFile } from 'node:child_process'
import { env as processEnv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { startMoto, whyNoMoto } from '@stoa/servers/moto'
import { openEngines } from '../../stacks/stack.ts'
import { subgraphNames } from '../../subgraphs.ts'

const run = promisify(execFile)
const main = fileURLToPath(new URL('../../backup-main.ts', import.meta.url))
const reason = whyNoMoto()
const describeHere = reason ? describe.skip : describe

describeHere(
  reason ? `npm run backup is not tried on AWS: ${reason}` : 'npm run backup -- … --stack aws',
  () => {
    const opened = new AsyncDisposableStack()
    let env: Record<string, string>

    beforeAll(async () => {
      const moto = opened.use(await startMoto())
      env = {
        STOA_PREFIX: 'stoa-',
        STOA_CREATE: 'true',
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_ENDPOINT_URL_DYNAMODB: moto.endpoint,
        AWS_ENDPOINT_URL_EVENTBRIDGE: moto.endpoint,
        AWS_ENDPOINT_URL_SQS: moto.endpoint,
      }
      const tools = { clock: systemClock, random: systemRandom, log: silentLog }
      await using engines = await openEngines('aws', { ...tools, env })
      await using _bus = await engines.bus()
      for (const name of subgraphNames) {
        await using store = await engines.store(name)
        const event = { id: `${name}-1`, type: 'Begun', at: 0, data: {}, meta: { correlationId: 'c' } }
        await store.commit({ appends: [{ stream: 'a', expectedVersion: 0, events: [event] }] })
      }
    }, 90_000)
    afterAll(() => opened.disposeAsync())

    /** As an operator does, in a process of its own: the lines it prints. */
    async function backup(...args: string[]): Promise<readonly unknown[]> {
      const { NODE_OPTIONS: _, ...rest } = processEnv
      const { stdout } = await run(process.execPath, [main, ...args], { env: { ...rest, ...env } })
      return stdout
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line))
    }

    it('keeps every table, and restores and reconciles them under another prefix', async () => {
      const kept = await backup('create', '--stack', 'aws', '--name', 'before-sale')
      expect(kept).toHaveLength(2 + 3 * subgraphNames.length)
      const lines = await backup('restore', '--stack', 'aws', '--backup', 'before-sale', '--prefix', 'again-')
      expect(lines).toContainEqual(expect.objectContaining({ event: 'restored', tables: kept.length }))
      const told = {
        event: 'reconciled',
        prefix: 'again-',
        rows: 0,
        toldAgain: subgraphNames.length,
        untold: 0,
      }
      expect(lines.at(-1)).toEqual(told)
      const twice = backup('restore', '--stack', 'aws', '--backup', 'before-sale', '--prefix', 'again-')
      const stderr = expect.stringMatching(
        /Nothing was restored[\s\S]*again-orders-checkpoints: is restored and rec/,
      )
      await expect(twice).rejects.toMatchObject({ code: 1, stdout: '', stderr })
    }, 120_000)

    it('says why a shop is not restored, and exits with 1', async () => {
      const early = backup('restore', '--stack', 'aws', '--at', '2020-01-01T00:00:00Z', '--prefix', 'early-')
      const stderr = expect.stringMatching(/not restored[\s\S]*stoa-bus-log: point-in-time recovery is off/)
      await expect(early).rejects.toMatchObject({ code: 1, stderr })
    }, 60_000)
  },
)
