import { Fault } from '@stoa/platform/fault'
import { csvLine } from './csv.ts'

/** A vertex as Neptune's bulk loader takes it. */
export interface VertexRow {
  readonly id: string
  readonly label: string
  /** Of a product: how much it was bought. */
  readonly bought?: number
  /** Of an order: when, epoch milliseconds. */
  readonly at?: number
}

/** An edge as Neptune's bulk loader takes it. */
export interface EdgeRow {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly label: string
  /** Of `alsoBought`. */
  readonly weight?: number
  /** Of `bought` and `viewed`: when last, epoch milliseconds. */
  readonly at?: number
}

/** A part of a graph. Rows may come more than once, always the same. */
export interface GraphPart {
  readonly vertices: readonly VertexRow[]
  readonly edges: readonly EdgeRow[]
}

const VERTEX_COLUMNS = ['~id', '~label', 'bought:Double(single)', 'at:Long(single)'] as const
const EDGE_COLUMNS = ['~id', '~from', '~to', '~label', 'weight:Double', 'at:Long'] as const

export const vertexHeader: string = csvLine(VERTEX_COLUMNS)
export const edgeHeader: string = csvLine(EDGE_COLUMNS)

export function vertexLine({ id, label, bought, at }: VertexRow): string {
  return csvLine([id, label, cell(bought), cell(at)])
}

export function edgeLine({ id, from, to, label, weight, at }: EdgeRow): string {
  return csvLine([id, from, to, label, cell(weight), cell(at)])
}

/** Vertices from records, the first of which names the columns, in any order. Throws BAD_REQUEST with the record's number. */
export async function* readVertices(records: AsyncIterable<readonly string[]>): AsyncGenerator<VertexRow> {
  for await (const read of readRecords(records, VERTEX_COLUMNS)) {
    const { text, number } = read
    yield { id: text('~id'), label: text('~label'), ...number('bought'), ...number('at') }
  }
}

/** Edges, as `readVertices`. */
export async function* readEdges(records: AsyncIterable<readonly string[]>): AsyncGenerator<EdgeRow> {
  for await (const read of readRecords(records, EDGE_COLUMNS)) {
    const { text, number } = read
    const ends = { from: text('~from'), to: text('~to') }
    yield { id: text('~id'), ...ends, label: text('~label'), ...number('weight'), ...number('at') }
  }
}

interface RecordReader {
  /** A field that must be there. */
  readonly text: (column: string) => string
  /** A number under its name, or nothing where the field is empty. */
  readonly number: <Name extends string>(name: Name) => Partial<Record<Name, number>>
}

async function* readRecords(
  records: AsyncIterable<readonly string[]>,
  expected: readonly string[],
): AsyncGenerator<RecordReader> {
  let columns: ReadonlyMap<string, number> | undefined
  let line = 0
  for await (const record of records) {
    line += 1
    if (columns) yield readerOf(record, columns, line)
    else columns = readHeader(record, expected)
  }
  if (!columns) throw new Fault('BAD_REQUEST', `Expected a first line ${expected.join(',')}, got nothing.`)
}

/** Where each column is, by its name without the type. */
function readHeader(header: readonly string[], expected: readonly string[]): ReadonlyMap<string, number> {
  const unknown = header.filter((name) => !expected.includes(name))
  const missing = expected.filter((name) => name.startsWith('~') && !header.includes(name))
  if (unknown.length > 0 || missing.length > 0) {
    const message = `Expected the columns ${expected.join(',')}, got ${header.join(',').slice(0, 200)}.`
    throw new Fault('BAD_REQUEST', message)
  }
  return new Map(header.map((name, index) => [name.replace(/:.*/, ''), index]))
}

function readerOf(
  record: readonly string[],
  columns: ReadonlyMap<string, number>,
  line: number,
): RecordReader {
  if (record.length !== columns.size) throw wrong(line, `${columns.size} fields`, `${record.length}`)
  const fieldOf = (column: string): string => record[columns.get(column) ?? -1] ?? ''
  return {
    text(column) {
      const field = fieldOf(column)
      if (field === '') throw wrong(line, `something as ${column}`, 'nothing')
      return field
    },
    number(name) {
      const field = fieldOf(name)
      if (field === '') return {}
      const value = Number(field)
      if (!Number.isFinite(value))
        throw wrong(line, `a number as ${name}`, JSON.stringify(field.slice(0, 40)))
      // The one key is the name.
      return { [name]: value } as Partial<Record<typeof name, number>>
    },
  }
}

function wrong(line: number, expected: string, got: string): Fault {
  return new Fault('BAD_REQUEST', `Record ${line}: expected ${expected}, got ${got}.`)
}

/** The shortest text that reads as the same number. */
function cell(value: number | undefined): string {
  return value === undefined ? '' : String(value)
}
