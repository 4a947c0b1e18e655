import { addType, drawLink } from '../draw.ts'
import { type Piece, pick, typeOf } from '../model.ts'

/** Mutations of several subgraphs, the last of them with an answer that must not be null. */
export const mutations: Piece = {
  types(building) {
    const heads = new Map(building.subgraphs.map((subgraph) => [subgraph, 'type Mutation']))
    addType(building, { name: 'Mutation', kind: 'root', heads })
  },
  fields(building) {
    const of = typeOf(building, 'Mutation')
    for (let i = 0; i < 5; i += 1) {
      const link = drawLink(building, of, `m${i}`)
      const nullable = pick(building.random, [
        'Int',
        link.type.replace(/!$/, ''),
        link.type.replace(/!$/, ''),
      ])
      const type = building.era > 1 && i === 4 ? `${nullable}!` : nullable
      of.fields.push({ ...link, type })
    }
  },
}
