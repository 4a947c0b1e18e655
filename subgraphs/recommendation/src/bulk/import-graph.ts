import { constants, createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@stoa/platform/fault'
import type { GremlinConnection } from '../neptune/connection.ts'
import { __, cardinality, direction, double, g, long, type Traversal, t } from '../neptune/gremlin-words.ts'
import { type EdgeRow, readEdges, readVertices, type VertexRow } from './bulk-rows.ts'
import { readCsv } from './csv.ts'
import { EDGES, type Moved, VERTICES } from './export-graph.ts'

/** Rows in one transaction. */
const BATCH = 500

/**
 * Loads what `exportGraph` wrote where there is no bulk loader: first the vertices, then the edges, in transactions of 500 rows.
 * A row sets what it says and leaves the rest; loading again changes nothing, so what broke off is begun anew. Record no
 * orders meanwhile. Throws BAD_REQUEST where the files are not there or not as they must be.
 */
export async function importGraph(
  connection: GremlinConnection,
  folder: string,
  onProgress: (moved: Moved) => void = () => {},
): Promise<Moved> {
  const paths = { vertices: join(folder, VERTICES), edges: join(folder, EDGES) }
  for (const path of [paths.vertices, paths.edges]) await requireFile(path)
  const vertices = await load(readVertices(readFile(paths.vertices)), async (rows, count) => {
    await connection.submit(upsertVertices(rows))
    onProgress({ vertices: count, edges: 0 })
  })
  const edges = await load(readEdges(readFile(paths.edges)), async (rows, count) => {
    await connection.submit(upsertEdges(rows))
    onProgress({ vertices, edges: count })
  })
  return { vertices, edges }
}

async function requireFile(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK)
  } catch (cause) {
    const message = `Expected a file "${path}" that can be read, as an export writes it when it is whole; got none.`
    throw new Fault('BAD_REQUEST', message, { cause })
  }
}

function readFile(path: string): AsyncIterable<readonly string[]> {
  return readCsv(createReadStream(path, { encoding: 'utf8' }))
}

async function load<Row extends { readonly id: string }>(
  rows: AsyncIterable<Row>,
  write: (rows: readonly Row[], count: number) => Promise<void>,
): Promise<number> {
  let count = 0
  let batch = new Map<string, Row>()
  const flush = async (): Promise<void> => {
    if (batch.size > 0) await write([...batch.values()], count)
    batch = new Map()
  }
  for await (const row of rows) {
    batch.set(row.id, { ...batch.get(row.id), ...row })
    count += 1
    if (batch.size >= BATCH) await flush()
  }
  await flush()
  return count
}

function upsertVertices(rows: readonly VertexRow[]): Traversal {
  const bought = rows.flatMap((row) => (row.bought === undefined ? [] : [vertexMap(row, double(row.bought))]))
  const at = rows.flatMap((row) => (row.at === undefined ? [] : [vertexMap(row, long(row.at))]))
  return g
    .inject(0)
    .sideEffect(merge(rows.map((row) => vertexMap(row))).mergeV(__.select('row')))
    .sideEffect(merge(bought).mergeV(__.select('row')).property(cardinality.single, 'bought', valueOfRow()))
    .sideEffect(merge(at).mergeV(__.select('row')).property(cardinality.single, 'at', valueOfRow()))
}

function upsertEdges(rows: readonly EdgeRow[]): Traversal {
  const weight = rows.flatMap((row) => (row.weight === undefined ? [] : [edgeMap(row, double(row.weight))]))
  const at = rows.flatMap((row) => (row.at === undefined ? [] : [edgeMap(row, long(row.at))]))
  const bare = rows.filter((row) => row.weight === undefined && row.at === undefined)
  return g
    .inject(0)
    .sideEffect(merge(bare.map((row) => edgeMap(row))).mergeE(__.select('row')))
    .sideEffect(merge(weight).mergeE(__.select('row')).property('weight', valueOfRow()))
    .sideEffect(merge(at).mergeE(__.select('row')).property('at', valueOfRow()))
}

type Told = ReadonlyMap<string, unknown>

/** Each of these rows under a name, to be merged and then asked for its value. */
function merge(rows: readonly Told[]): Traversal {
  return __.constant(rows).unfold().as('told')
}

function valueOfRow(): Traversal {
  return __.select('told').select('value')
}

function vertexMap({ id, label }: VertexRow, value: object | number = 0): Told {
  return new Map<string, unknown>([
    [
      'row',
      new Map<unknown, unknown>([
        [t.id, id],
        [t.label, label],
      ]),
    ],
    ['value', value],
  ])
}

function edgeMap({ id, label, from, to }: EdgeRow, value: object | number = 0): Told {
  const row = new Map<unknown, unknown>([
    [t.id, id],
    [t.label, label],
    [direction.from_, from],
    [direction.to, to],
  ])
  return new Map<string, unknown>([
    ['row', row],
    ['value', value],
  ])
}
