import { draw } from '../draw.ts'
import { type Piece, pick, typeOf } from '../model.ts'

const LABELS = [
  '',
  ', label: "percent(40)"',
  ', label: "percent(75.5)"',
  ', label: "fresh"',
  ', label: "tried"',
]

/** Fields that another subgraph takes over, from everybody or under a label. */
export const moves: Piece = {
  fields(building) {
    const { random, subgraphs } = building
    for (const typeName of ['E0', 'E1', 'E2', 'Query'])
      for (let i = 0; i < 2; i += 1) {
        const of = typeOf(building, typeName)
        const owner = pick(random, subgraphs)
        const taker = pick(
          random,
          subgraphs.filter((subgraph) => subgraph !== owner),
        )
        const type = pick(random, ['Int', 'V', '[String!]', 'E0', '[E1]'])
        const field = draw(building, { of, name: `moved${i}`, type, subgraph: owner })
        const override = `@override(from: "${owner}"${pick(random, LABELS)})`
        of.fields.push({
          ...field,
          in: new Map([
            [owner, ''],
            [taker, override],
          ]),
        })
      }
  },
}
