import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'

const root = fileURLToPath(new URL('../', import.meta.url))
const page = read('docs/tables.md')
const subgraphs = globSync('subgraphs/*/package.json', { cwd: root })
  .map((path) => path.split('/')[1] ?? '')
  .sort()

function read(path: string): string {
  return readFileSync(`${root}${path}`, 'utf8')
}

/** The rows of the first table below a heading, by their first cell. */
function documented(heading: string): ReadonlyMap<string, readonly string[]> {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  const rows = [...section.matchAll(/^\| `([a-z-]+)` \|(.*)\|$/gm)]
  return new Map(rows.map(([, name = '', rest = '']) => [name, rest.split('|').map((cell) => cell.trim())]))
}

function sourcesOf(subgraph: string): string {
  return globSync(`subgraphs/${subgraph}/src/**/*.ts`, { cwd: root })
    .filter((path) => !/\.(test|fixture|contract|generated)\.ts$/.test(path))
    .map(read)
    .join('\n')
}

/** Those it names itself, and those that come with what it uses of the platform. */
function tablesOf(sources: string): readonly string[] {
  const own = [...sources.matchAll(/(?:\btable: |\bTABLE = )'([a-z-]+)'/g)].map(([, name = '']) => name)
  const idempotency = /\bidempotencyRow\(|\bidempotency: /.test(sources) ? ['idempotency'] : []
  const projected = /\brunProjection\(/.test(sources) ? ['projected'] : []
  return [...new Set([...own, ...idempotency, ...projected])].sort()
}

describe('docs/tables.md', () => {
  it.each(subgraphs)('has every row table of %s, and no other', (subgraph) => {
    expect([...documented(subgraph).keys()].sort()).toEqual(tablesOf(sourcesOf(subgraph)))
  })

  it.each(subgraphs)(
    'says of each table of %s its keys, its size, what it costs and its time to live',
    (subgraph) => {
      for (const [name, cells] of documented(subgraph)) {
        const [partition, sort, size, written, reads] = cells
        expect({ name, cells: cells.length }).toEqual({ name, cells: 6 })
        expect([partition, sort, size, written, reads]).not.toContain('')
        expect(size).toMatch(/^[SML](–[ML])?\b/)
      }
    },
  )

  it.each(subgraphs)('says the time to live where %s sets one, and nowhere else', (subgraph) => {
    const sources = sourcesOf(subgraph)
    const own = [...documented(subgraph)].filter(([name]) => name !== 'idempotency')
    const isSet = own.some(([, cells]) => /^\d/.test(cells[5] ?? ''))
    expect(isSet).toBe(/expiresAt: (now|at) \+/.test(sources))
  })

  it('has the three tables of a store with their keys as they are made', () => {
    const made = read('platform/src/store/dynamo/tables.ts')
    const keys = [...made.matchAll(/keyed\(names\.(\w+), \['(\w+)', '(\w)'\], \['(\w+)', '(\w)'\]\)/g)]
    const tables = documented('On DynamoDB')
    expect([...tables.keys()].sort()).toEqual(keys.map(([, name]) => name).sort())
    for (const [, name = '', partition, partitionType, sort, sortType] of keys) {
      const [first = '', second = ''] = tables.get(name) ?? []
      expect(first).toMatch(new RegExp(`^\`${partition}\` \\(${partitionType}\\)`))
      expect(second).toMatch(new RegExp(`^\`${sort}\` \\(${sortType}\\)`))
    }
  })

  it('says what to do about each kind of fault of DynamoDB, and knows no other', () => {
    const sources = globSync('platform/src/{aws/*,event-store.dynamodb,store/dynamo/*,store/item-size}.ts', {
      cwd: root,
    })
      .filter((path) => !path.endsWith('.test.ts'))
      .map(read)
      .join('\n')
    const section = page.split(/^## /m).find((part) => part.startsWith('What DynamoDB does to us\n')) ?? ''
    const cells = [...section.matchAll(/^\| (`[a-z].*?) \|/gm)].map(([, cell = '']) =>
      cell.replace(/\(.*\)/, ''),
    )
    const kinds = cells
      .flatMap((cell) => [...cell.matchAll(/`([a-z_]+)`/g)].map(([, kind = '']) => kind))
      .sort()
    const made = /(?:\bkind: |refused\(\s*|countEngineFault\([\w.']+, |\breturn |\? )'([a-z]+(?:_[a-z]+)*)'/g
    const found = new Set([...sources.matchAll(made)].map(([, kind = '']) => kind))
    const verdicts = ['again', 'conflict', 'collision', 'done', 'gap', 'pages', 'expired', 'trimmed']
    expect(kinds).toEqual([...found].filter((kind) => !verdicts.includes(kind)).sort())
  })

  it.each(subgraphs)('has the tables that the README of %s names', (subgraph) => {
    const [line = ''] = /^\| \**tables\** .*$/m.exec(read(`subgraphs/${subgraph}/README.md`)) ?? []
    const named = [...line.matchAll(/`([a-z-]+)`/g)].map(([, name = '']) => name)
    expect([...documented(subgraph).keys()]).toEqual(expect.arrayContaining(named))
  })
})
