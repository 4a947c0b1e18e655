import { direction, t } from './gremlin-words.ts'

/** What there is in the graph. Ids are strings, and say what they are ids of: Neptune has one space of ids for all. */
export type VertexLabel = 'product' | 'customer' | 'order' | 'category'
export type EdgeLabel = 'alsoBought' | 'bought' | 'contains' | 'inCategory' | 'viewed'

const EDGE_LABELS: readonly EdgeLabel[] = ['alsoBought', 'bought', 'contains', 'inCategory', 'viewed']

/** Where each kind of edge leads from and to. */
const ENDS: Readonly<Record<EdgeLabel, readonly [VertexLabel, VertexLabel]>> = {
  alsoBought: ['product', 'product'],
  bought: ['customer', 'product'],
  contains: ['order', 'product'],
  inCategory: ['product', 'category'],
  viewed: ['customer', 'product'],
}

/** `product/TEE` */
export function vertexId(label: VertexLabel, key: string): string {
  return `${label}/${key}`
}

/** `TEE`, from `product/TEE`. */
export function keyOfVertex(id: string): string {
  return id.slice(id.indexOf('/') + 1)
}

/** `alsoBought/TEE/JEANS`: one edge of a kind between two vertices, found by its id. */
export function edgeId(label: EdgeLabel, from: string, to: string): string {
  return `${label}/${escapeKey(from)}/${escapeKey(to)}`
}

/** Where an edge leads, from its id alone. */
export function targetOfEdge(id: string): string {
  return unescapeKey(id.slice(id.lastIndexOf('/') + 1))
}

/** What an edge's id is made of; undefined where it is no edge of ours. */
export function readEdgeId(
  id: string,
): { readonly label: EdgeLabel; readonly from: string; readonly to: string } | undefined {
  const [name, from, to, ...more] = id.split('/')
  const label = EDGE_LABELS.find((known) => known === name)
  if (label === undefined || from === undefined || to === undefined || more.length > 0) return undefined
  return { label, from: unescapeKey(from), to: unescapeKey(to) }
}

export function edgeEnds(label: EdgeLabel, from: string, to: string): readonly [string, string] {
  const [fromLabel, toLabel] = ENDS[label]
  return [vertexId(fromLabel, from), vertexId(toLabel, to)]
}

/** What `mergeV` looks for, or makes. No properties: their cardinality is said where they are set. */
export function vertex(label: VertexLabel, key: string): ReadonlyMap<unknown, unknown> {
  return new Map<unknown, unknown>([
    [t.id, vertexId(label, key)],
    [t.label, label],
  ])
}

/** What `mergeE` looks for, or makes. */
export function edge(label: EdgeLabel, from: string, to: string): ReadonlyMap<unknown, unknown> {
  const [out, into] = edgeEnds(label, from, to)
  return new Map<unknown, unknown>([
    [t.id, edgeId(label, from, to)],
    [t.label, label],
    [direction.from_, out],
    [direction.to, into],
  ])
}

/** Keys may hold any character; the slash separates. */
function escapeKey(key: string): string {
  return key.replace(/[%/]/g, (found) => (found === '%' ? '%25' : '%2F'))
}

function unescapeKey(text: string): string {
  return text.replace(/%2F|%25/g, (found) => (found === '%25' ? '%' : '/'))
}
