import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { openSqliteBus } from '@stoa/platform/event-bus.sqlite'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { parseBusOptions } from './options.ts'

const MAIN = fileURLToPath(new URL('../bus-main.ts', import.meta.url))

async function bus(...args: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...args])
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

const event = {
  id: 'E-1',
  type: 'OrderCreated',
  at: Date.UTC(2026, 10, 21),
  stream: 'order-O-1',
  version: 1,
  source: 'orders',
  data: { orderId: 'O-1' },
  meta: { correlationId: 'C-1' },
}

describe('npm run bus', () => {
  it('lists, redrives, replays and discards beside a shop that runs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stoa-bus-'))
    try {
      const path = join(folder, 'bus.sqlite')
      await using running = openSqliteBus({
        path,
        clock: systemClock,
        random: systemRandom,
        log: silentLog,
      })
      let [tellings, broken] = [0, true]
      await running.subscribe({
        name: 'orders.worker',
        pattern: { source: ['orders'] },
        retry: { maxAttempts: 1 },
        handle: async () => {
          tellings += 1
          if (broken) throw new Error('The warehouse is closed.')
        },
      })
      await running.publish([event])
      await running.idle()
      const at = ['--persist', folder]
      expect(await bus('consumers', ...at)).toEqual([
        { name: 'orders.worker', lag: 0, parked: 0, deadLetters: 1 },
      ])
      const [letter] = await bus('dead-letters', ...at, '--consumer', 'orders.worker')
      expect(letter).toMatchObject({ event, errorMessage: 'The warehouse is closed.', exhausted: 'attempts' })
      broken = false
      expect(await bus('redrive', ...at, '--id', String(letter?.['id']))).toEqual([{ redriven: 1 }])
      while (tellings < 2) await new Promise((resolve) => setTimeout(resolve, 20))
      const day = ['--from', '2026-11-21T00:00:00Z', '--to', '2026-11-22']
      expect(await bus('replay', ...at, '--consumer', 'orders.worker', ...day)).toEqual([{ replayed: 1 }])
      while (tellings < 3) await new Promise((resolve) => setTimeout(resolve, 20))
      expect(await bus('archive', ...at)).toEqual([event])
      expect(await bus('archive', ...at, '--from', '2026-11-22')).toEqual([])
      expect(await bus('discard', ...at, '--consumer', 'orders.worker')).toEqual([{ discarded: 0 }])
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('makes no bus where there is none', async () => {
    await expect(bus('consumers', '--persist', join(tmpdir(), 'no-shop-here'))).rejects.toMatchObject({
      stderr: expect.stringContaining('expected the folder of an embedded shop'),
    })
  })

  it.each([
    [[], 'Expected one command (consumers, dead-letters,'],
    [['redrvie', '--persist', 'x'], 'got "redrvie"'],
    [['consumers'], 'Expected --persist DIR'],
    [['consumers', '--stack', 'azure'], '--stack: expected open or aws, got "azure".'],
    [['replay', '--persist', 'x'], 'replay: expected --consumer NAME'],
    [['discard', '--persist', 'x'], 'nothing brings them back'],
    [['archive', '--persist', 'x', '--limit', '0'], '--limit: expected a whole number from 1 to 1000'],
    [['archive', '--persist', 'x', '--from', 'yesterday'], '--from: expected a time, got "yesterday"'],
    [['archive', '--prsist', 'x'], "Unknown option '--prsist'"],
  ])('refuses %j', (args, problem) => {
    const options = parseBusOptions(args)
    if (options.ok) throw new Error('Expected a refusal.')
    expect(options.error.join('\n')).toContain(problem)
  })
})
