import { addType, drawLink, plain } from '../draw.ts'
import { type Piece, typeOf } from '../model.ts'

/** Values of several types behind a union and an interface, which every subgraph has. */
export const abstractValues: Piece = {
  types(building) {
    const everywhere = (text: string): Map<string, string> =>
      new Map(building.subgraphs.map((subgraph) => [subgraph, text]))
    for (const name of ['Z0', 'Z1'])
      addType(building, {
        ...{ name, kind: 'value', heads: everywhere(`type ${name} implements Y @shareable`) },
        make: (roll) => madeOf(name === 'Z0' ? 0 : 1, roll),
      })
    const members = ['Z0', 'Z1']
    const either = { kind: 'abstract', members, make: (roll: number) => madeOf(roll % 2, roll) } as const
    addType(building, { ...either, name: 'Z', heads: everywhere('union Z = Z0 | Z1') })
    addType(building, { ...either, name: 'Y', heads: everywhere('interface Y') })
  },
  fields(building) {
    const everyone = new Map(building.subgraphs.map((subgraph) => [subgraph, '']))
    for (const [typeName, name, type] of [
      ['Y', 'za', 'Int'],
      ['Z0', 'za', 'Int'],
      ['Z1', 'za', 'Int'],
      ['Z0', 'zb', 'String'],
      ['Z1', 'zc', 'Int!'],
      ['Z1', 'zd', 'V'],
    ] as const) {
      const of = typeOf(building, typeName)
      of.fields.push({ ...plain(of, name, type), in: everyone, isSure: true })
    }
    const query = typeOf(building, 'Query')
    for (let i = 0; i < 2; i += 1) query.fields.push(drawLink(building, query, `z${i}`))
  },
}

function madeOf(kind: number, roll: number): object {
  const za = roll % 7 === 0 ? null : roll
  return kind === 0
    ? { __typename: 'Z0', za, zb: `z${roll % 5}` }
    : { __typename: 'Z1', za, zc: roll, zd: roll % 3 === 0 ? null : { a: roll, b: 'd' } }
}
