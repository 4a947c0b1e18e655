import gremlin from 'gremlin'

type Words = typeof gremlin.process

/** A traversal as the library builds it; only its bytecode is ever sent. */
export type Traversal = InstanceType<Words['GraphTraversal']>

// The words of Gremlin that we use, and no others: no lambdas, no scripts, no `graph`.
export const __: Words['statics'] = gremlin.process.statics
export const cardinality: Words['cardinality'] = gremlin.process.cardinality
export const column: Words['column'] = gremlin.process.column
export const direction: Words['direction'] = gremlin.process.direction
export const operator: Words['operator'] = gremlin.process.operator
export const order: Words['order'] = gremlin.process.order
export const P: Words['P'] = gremlin.process.P
export const scope: Words['scope'] = gremlin.process.scope
export const t: Words['t'] = gremlin.process.t

/** Where every traversal begins. It has no connection: building is not sending. */
export const g: InstanceType<Words['GraphTraversalSource']> = new gremlin.process.GraphTraversalSource(
  new gremlin.structure.Graph(),
  new gremlin.process.TraversalStrategies(),
  new gremlin.process.Bytecode(),
)

/** JavaScript has one kind of number; what is stored must be of one kind for ever. */
export function double(value: number): object {
  return { '@type': 'g:Double', '@value': value }
}

/** As `double`, for epoch milliseconds. */
export function long(value: number): object {
  return { '@type': 'g:Int64', '@value': value }
}

const writer = new gremlin.structure.io.GraphSONWriter()
const reader = new gremlin.structure.io.GraphSONReader()

/** A traversal in GraphSON 3, as it goes over the wire. */
export function writeTraversal(traversal: Traversal): unknown {
  return writer.adaptObject(traversal.getBytecode())
}

/** What came over the wire: maps as `Map`, lists as arrays. */
export function readGraphson(value: unknown): unknown {
  return reader.read(value)
}
