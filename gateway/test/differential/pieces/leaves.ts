import { draw, plain } from '../draw.ts'
import { type Piece, pick, typeOf } from '../model.ts'

/** Enums with a value that clients may not see, and scalars of the subgraphs' own. */
export const leaves: Piece = {
  fields(building) {
    const { random, subgraphs } = building
    for (const typeName of ['E0', 'E1', 'E2']) {
      const of = typeOf(building, typeName)
      const hidden = pick(random, ['H', '[H]', '[H!]', 'H!'])
      of.fields.push(draw(building, { of, name: 'hidden', type: hidden, subgraph: pick(random, subgraphs) }))
      const free = pick(random, ['J', '[J]', 'J!', '[[J!]]'])
      of.fields.push({ ...plain(of, 'free', free), in: new Map([[pick(random, subgraphs), '']]) })
    }
  },
}
