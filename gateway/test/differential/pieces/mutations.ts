import { addType, drawLink } from '../draw.ts'
import { type Piece, pick, typeOf } from '../model.ts'

/** Mutations of several subgraphs; each nullable, as what is still to be done after a failed one is left open. */
export const mutations: Piece = {
  types(building) {
    const heads = new Map(building.subgraphs.map((subgraph) => [subgraph, 'type Mutation']))
    addType(building, { name: 'Mutation', kind: 'root', heads })
  },
  fields(building) {
    const of = typeOf(building, 'Mutation')
    for (let i = 0; i < 5; i += 1) {
      const link = drawLink(building, of, `m${i}`)
      const type = pick(building.random, ['Int', link.type.replace(/!$/, ''), link.type.replace(/!$/, '')])
      of.fields.push({ ...link, type })
    }
  },
}
