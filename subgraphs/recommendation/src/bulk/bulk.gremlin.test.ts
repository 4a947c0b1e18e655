import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { startGremlin, whyNoGremlin } from '@stoa/servers/gremlin'
import type { LocalServer } from '@stoa/servers/local-server'
import { openMemoryAffinityGraph } from '../affinity-graph.memory.ts'
import { openNeptuneAffinityGraph } from '../affinity-graph.neptune.ts'
import { importAssortment } from '../import.ts'
import { connectGremlin, type GremlinConnection } from '../neptune/connection.ts'
import { withNeptuneLimits } from '../neptune/limits.fixture.ts'
import { withRetries } from '../neptune/with-retries.ts'
import type { AffinityGraph } from '../ports.ts'
import { created, openBench } from '../recommendation-bench.fixture.ts'
import { readEdges, readVertices } from './bulk-rows.ts'
import { readCsv } from './csv.ts'
import { exportGraph } from './export-graph.ts'
import { readGraphPages } from './graph-pages.ts'
import { readGraphRows } from './graph-rows.ts'
import { importGraph } from './import-graph.ts'

const reason = whyNoGremlin()
const describeHere = reason ? describe.skip : describe
const ports = { clock: systemClock, random: systemRandom, log: silentLog }
const NOW = Date.UTC(2026, 10, 21)

describeHere(reason ? `Gremlin is not tried: ${reason}` : 'a graph that moves by CSV', () => {
  let server: LocalServer
  let folder: string

  beforeAll(async () => {
    server = await startGremlin({ others: 3 })
    folder = await mkdtemp(join(tmpdir(), 'stoa-graph-'))
  })

  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })

  function connect(source: string): GremlinConnection {
    const connection = connectGremlin({ ...ports, url: server.endpoint, source, callWithinMs: 60_000 })
    return withRetries(withNeptuneLimits(connection), { ...ports, tries: 40 })
  }

  function graphOver(connection: GremlinConnection): AffinityGraph {
    return openNeptuneAffinityGraph({ ...ports, connection, popularForMs: 0 })
  }

  it('comes from memory, and goes from one server to another, whole; counts nothing of it again', async () => {
    await using stack = new AsyncDisposableStack()
    const bench = stack.use(await openBench())
    const ids = Array.from({ length: 30 }, (_, index) => `P-${index}${index === 7 ? ',"odd"/\n' : ''}`)
    const orders = Array.from({ length: 60 }, (_, index) =>
      created(
        `O-${index}`,
        [0, 1, 5].map((step) => ids[(index * 3 + step) % 30] ?? ''),
        index % 2 === 0 ? { customerId: `CU-${index % 5}` } : {},
      ),
    )
    await bench.order(...orders)
    await importAssortment(
      bench.store,
      ids.map((productId, index) => ({ productId, category: `c${index % 3}`, skus: [productId] })),
    )
    const memory = stack.use(await openMemoryAffinityGraph(bench.store))
    await memory.recordView({ customerId: 'CU-0', productId: ids[7] ?? '', at: NOW })
    const exported = await exportGraph(readGraphRows(bench), join(folder, 'memory'))
    const [first, second] = [connect('other1'), connect('other2')]
    expect(await importGraph(first, join(folder, 'memory'))).toEqual(exported)
    expect(await importGraph(first, join(folder, 'memory'))).toEqual(exported)
    const seen: number[] = []
    const pages = readGraphPages(first, { ids: 7, vertices: 3 })
    const moved = await exportGraph(pages, join(folder, 'server'), ({ edges }) => seen.push(edges))
    expect(seen.length).toBeGreaterThan(20)
    expect(await importGraph(second, join(folder, 'server'))).toEqual(moved)
    expect(await rowsOf(join(folder, 'server'))).toEqual(await rowsOf(join(folder, 'memory')))
    const again = orders.map(({ data, at }) => ({
      ...{ orderId: String(data['orderId']), productIds: [ids[0] ?? ''], at },
    }))
    for (const graph of [graphOver(first), graphOver(second)]) {
      stack.use(graph)
      expect(await graph.neighbours(ids, 50)).toEqual(await memory.neighbours(ids, 50))
      expect(await graph.popular(100)).toEqual(await memory.popular(100))
      expect(await graph.popular(100, 'c1')).toEqual(await memory.popular(100, 'c1'))
      expect(await graph.categoriesOf(ids)).toEqual(await memory.categoriesOf(ids))
      expect(await graph.boughtBy('CU-2')).toEqual(await memory.boughtBy('CU-2'))
      expect(await graph.viewedBy('CU-0')).toEqual([ids[7]])
      expect(await graph.record(again)).toBe(0)
    }
  })

  it('is nothing but two headers where there is nothing', async () => {
    await using empty = connect('other3')
    expect(await exportGraph(readGraphPages(empty), join(folder, 'empty'))).toEqual({ vertices: 0, edges: 0 })
    expect(await readFile(join(folder, 'empty', 'edges.csv'), 'utf8')).toBe(
      '~id,~from,~to,~label,weight:Double,at:Long\n',
    )
  })
})

/** By id; what was said of one in several rows, together. */
async function rowsOf(from: string): Promise<ReadonlyMap<string, object>> {
  const read = (name: string) => readCsv(createReadStream(join(from, name), 'utf8'))
  const rows = new Map<string, object>()
  for await (const row of readVertices(read('vertices.csv')))
    rows.set(row.id, { ...rows.get(row.id), ...row })
  for await (const row of readEdges(read('edges.csv'))) rows.set(row.id, row)
  return rows
}
