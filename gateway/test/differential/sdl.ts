import { ARGUMENTS, type FieldModel, type Model, type TypeModel } from './model.ts'

const EVERYWHERE = `
enum C { RED GREEN }
enum H { SEEN HIDDEN @inaccessible }
scalar J
input In { a: Int b: [Int!] = [1] c: In e: C }`

/** One subgraph's share of the graph. */
export function subgraphSdl({ types }: Model, subgraph: string): string {
  return [...types.values()].map((type) => typeSdl(type, subgraph)).join('\n') + EVERYWHERE
}

function typeSdl({ heads, fields }: TypeModel, subgraph: string): string {
  const head = heads.get(subgraph)
  if (head === undefined || head.startsWith('union')) return head ?? ''
  const lines = fields.flatMap((field) => fieldSdl(field, subgraph))
  return lines.length > 0 ? `${head} { ${lines.join(' ')} }` : ''
}

function fieldSdl(field: FieldModel, subgraph: string): readonly string[] {
  const { name, argument, toldTo } = field
  const type = field.typeIn?.get(subgraph) ?? field.type
  const directives = toldTo.includes(subgraph) ? '@external' : field.in.get(subgraph)
  if (directives === undefined) return []
  const given = argument === undefined ? '' : `(${ARGUMENTS[argument]})`
  return [`${name}${given}: ${type} ${directives}`]
}
