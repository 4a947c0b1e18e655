import type { GremlinConnection } from '../neptune/connection.ts'
import { graphFault } from '../neptune/graph-fault.ts'
import { edgeEnds, readEdgeId, type VertexLabel } from '../neptune/graph-model.ts'
import { __, g, P, type Traversal, t } from '../neptune/gremlin-words.ts'
import { type AnswerRow, readRows, readTexts } from '../neptune/read-answers.ts'
import type { EdgeRow, GraphPart, VertexRow } from './bulk-rows.ts'

export interface Pages {
  /** Ids in one answer. Default 5,000. */
  readonly ids?: number
  /** Vertices in one answer, with their edges: up to 75 of a product, 375 of a customer. Default 50. */
  readonly vertices?: number
}

const LABELS: readonly VertexLabel[] = ['category', 'product', 'customer', 'order']

/**
 * The whole graph in a database, some vertices at a time, each with the edges that lead out of it. Every answer is bounded: pages
 * of ids, each from behind the last id of the one before, so that what is written meanwhile shifts nothing.
 */
export async function* readGraphPages(
  connection: GremlinConnection,
  { ids: mostIds = 5_000, vertices: most = 50 }: Pages = {},
): AsyncGenerator<GraphPart> {
  for (const label of LABELS) {
    for await (const ids of readIds(connection, label, mostIds)) {
      for (let from = 0; from < ids.length; from += most) {
        const rows = readRows(await connection.submit(withEdges(ids.slice(from, from + most))))
        yield { vertices: rows.map(toVertex), edges: rows.flatMap((row) => row.rows('edges')).map(toEdge) }
      }
    }
  }
}

async function* readIds(
  connection: GremlinConnection,
  label: VertexLabel,
  most: number,
): AsyncGenerator<readonly string[]> {
  let after: string | undefined = ''
  while (after !== undefined) {
    const ids = readTexts(await connection.submit(idsBehind(label, after, most)))
    yield ids
    after = ids.length < most ? undefined : ids.at(-1)
  }
}

/** Looks at every vertex of the label for each page; `range` would, too, and promises no order. */
export function idsBehind(label: VertexLabel, after: string, most: number): Traversal {
  return g.V().hasLabel(label).id().is(P.gt(after)).order().limit(most)
}

export function withEdges(ids: readonly string[]): Traversal {
  const edges = __.outE().project('id', 'weight', 'at').by(t.id).by(valuesOf('weight')).by(valuesOf('at'))
  return g
    .V(...ids)
    .project('id', 'label', 'bought', 'at', 'edges')
    .by(t.id)
    .by(t.label)
    .by(valuesOf('bought'))
    .by(valuesOf('at'))
    .by(edges.fold())
}

/** A list of one, or of none. */
function valuesOf(name: string): Traversal {
  return __.values(name).fold()
}

function toVertex(row: AnswerRow): VertexRow {
  return { id: row.text('id'), label: row.text('label'), ...optional(row, 'bought'), ...optional(row, 'at') }
}

function toEdge(row: AnswerRow): EdgeRow {
  const id = row.text('id')
  const edge = readEdgeId(id)
  if (!edge) throw graphFault('bad_answer', new Error(`An edge of another kind: ${id.slice(0, 200)}`))
  const [from, to] = edgeEnds(edge.label, edge.from, edge.to)
  return { id, from, to, label: edge.label, ...optional(row, 'weight'), ...optional(row, 'at') }
}

function optional<Name extends string>(row: AnswerRow, name: Name): Partial<Record<Name, number>> {
  const [value] = row.numbers(name)
  // The one key is the name.
  return value === undefined ? {} : ({ [name]: value } as Partial<Record<Name, number>>)
}
