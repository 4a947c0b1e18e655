import { addType, plain } from '../draw.ts'
import { type Building, type FieldModel, type Piece, pick, type TypeModel, typeOf } from '../model.ts'

/** A value of which two subgraphs have different fields: the answer is merged of both. */
export const valueTypes: Piece = {
  types(building) {
    addType(building, {
      ...{ name: 'W', kind: 'value' },
      heads: new Map(twoOf(building).map((subgraph) => [subgraph, 'type W @shareable'])),
      make: (roll) => ({
        a: roll,
        b: `b${roll % 7}`,
        c: roll % 5 === 0 ? null : roll,
        d: { a: roll, b: null },
      }),
    })
  },
  fields(building) {
    const of = typeOf(building, 'W')
    const [one, other] = [...of.heads.keys()]
    if (one === undefined || other === undefined) return
    of.fields.push(sure(of, 'a', 'Int!', [one, other]))
    of.fields.push(sure(of, 'b', 'String', [one]))
    of.fields.push(sure(of, 'c', pick(building.random, ['Int']), [other]))
    of.fields.push(sure(of, 'd', 'V', [pick(building.random, [one, other])]))
    for (const typeName of ['Query', 'E2', 'E0']) {
      const parent = typeOf(building, typeName)
      const type = pick(building.random, ['W', 'W!', '[W]', '[W!]!', '[[W]]'])
      const shared = new Map([one, other].map((subgraph) => [subgraph, '@shareable']))
      parent.fields.push({ ...plain(parent, 'w', type), in: shared })
    }
  },
}

function twoOf({ random, subgraphs }: Building): readonly [string, string] {
  const one = pick(random, subgraphs)
  return [
    one,
    pick(
      random,
      subgraphs.filter((subgraph) => subgraph !== one),
    ),
  ]
}

function sure(of: TypeModel, name: string, type: string, subgraphs: readonly string[]): FieldModel {
  return {
    ...plain(of, name, type),
    in: new Map(subgraphs.map((subgraph) => [subgraph, ''])),
    isSure: true,
  }
}
