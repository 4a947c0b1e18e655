import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { openSqliteBus } from '@stoa/platform/event-bus.sqlite'
import { openSqliteStore } from '@stoa/platform/event-store.sqlite'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { importAffinity } from '@stoa/recommendation/import'
import { parseGraphOptions } from './options.ts'

const MAIN = fileURLToPath(new URL('../graph-main.ts', import.meta.url))

interface Run {
  readonly code: number
  readonly out: string
  readonly err: string
}

function graph(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], { env }, (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    )
  })
}

describe('npm run graph', () => {
  it('exports the graph of an embedded shop, once into a folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stoa-graph-'))
    try {
      const ports = { clock: systemClock, random: systemRandom, log: silentLog }
      {
        await using _bus = openSqliteBus({ ...ports, path: join(folder, 'bus.sqlite') })
        await using store = await openSqliteStore({ ...ports, path: join(folder, 'recommendation.sqlite') })
        await importAffinity(store, [
          { orderId: 'O-1', productIds: ['TEE', 'JEANS'], at: Date.UTC(2026, 10, 21) },
        ])
      }
      const to = join(folder, 'out')
      const first = await graph(['export', '--persist', folder, '--to', to])
      expect(JSON.parse(first.out)).toEqual({ event: 'exported', to, vertices: 2, edges: 2 })
      expect(await readFile(join(to, 'edges.csv'), 'utf8')).toContain(
        'alsoBought/TEE/JEANS,product/TEE,product/JEANS',
      )
      const second = await graph(['export', '--persist', folder, '--to', to])
      expect(second).toMatchObject({ code: 1, out: '' })
      expect(second.err).toContain('CONFLICT: Expected a folder without an export')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('says which database it wants, and what is wrong with the one that is named', async () => {
    expect((await graph(['export', '--to', '/nowhere/x'])).err).toContain(
      'BAD_CONFIG: GRAPH_URL: expected the WebSocket URL',
    )
    const odd = await graph(['import', '--from', '/nowhere/x'], { GRAPH_URL: 'http://graph.example' })
    expect(odd.code).toBe(1)
    expect(odd.err).toContain('expected a WebSocket URL')
    expect(odd.err).toContain('Start over')
  })

  it.each([
    [[], 'Expected one command (export, import), got none.'],
    [['move'], 'Expected one command (export, import), got "move".'],
    [['export'], 'export: expected --to DIR'],
    [['export', '--to', 'a', '--from', 'b'], 'export: expected no --from'],
    [['import'], 'import: expected --from DIR'],
    [['import', '--from', 'a', '--persist', 'b'], 'import: expected no --persist'],
    [['export', '--into', 'a'], "Unknown option '--into'"],
  ])('refuses %j', (args, problem) => {
    const options = parseGraphOptions(args)
    expect(options.ok ? [] : options.error.join('\n')).toContain(problem)
  })
})
