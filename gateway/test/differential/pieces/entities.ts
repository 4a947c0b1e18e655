import { addType, drawLeaf, drawLink, idField } from '../draw.ts'
import { type Piece, typeOf } from '../model.ts'

const NAMES = ['E0', 'E1', 'E2'] as const

/** Entities that every subgraph knows by their id, a union and an interface of the first subgraph, and the root. */
export const entities: Piece = {
  types(building) {
    const { subgraphs } = building
    for (const name of NAMES) {
      const heads = new Map(
        subgraphs.map((subgraph) => [
          subgraph,
          `type ${name}${implemented(name, subgraph)} @key(fields: "id")`,
        ]),
      )
      const type = addType(building, { name, kind: 'entity', heads })
      type.fields.push(idField(type))
    }
    const members = ['E0', 'E1']
    addType(building, { name: 'U', kind: 'abstract', members, heads: new Map([['s0', 'union U = E0 | E1']]) })
    const n = addType(building, {
      name: 'N',
      kind: 'abstract',
      members,
      heads: new Map([['s0', 'interface N']]),
    })
    n.fields.push(idField(n))
    addType(building, { name: 'Query', kind: 'root', heads: everywhere(subgraphs, 'type Query') })
    addType(building, {
      ...{ name: 'V', kind: 'value', heads: everywhere(subgraphs, 'type V @shareable') },
      make: (roll) => ({ a: roll, b: roll % 3 === 0 ? null : `b${roll}` }),
    })
  },
  fields(building) {
    const query = typeOf(building, 'Query')
    for (let i = 0; i < 5; i += 1) query.fields.push(drawLink(building, query, `q${i}`))
    for (const name of NAMES) {
      const type = typeOf(building, name)
      for (let i = 0; i < 4; i += 1) type.fields.push(drawLeaf(building, type, `f${i}`))
      for (let i = 0; i < 3; i += 1) type.fields.push(drawLink(building, type, `l${i}`))
    }
    typeOf(building, 'V').fields.push(...valueFields(building.subgraphs))
  },
}

function valueFields(subgraphs: readonly string[]): ReturnType<typeof idField>[] {
  const everyone = everywhere(subgraphs, '')
  const empty = { of: 'V', toldTo: [], argument: undefined, isSure: true, derive: undefined, needs: [] }
  return [
    { ...empty, name: 'a', type: 'Int!', in: everyone },
    { ...empty, name: 'b', type: 'String', in: everyone },
  ]
}

function implemented(name: string, subgraph: string): string {
  return subgraph === 's0' && name !== 'E2' ? ' implements N' : ''
}

function everywhere(subgraphs: readonly string[], text: string): Map<string, string> {
  return new Map(subgraphs.map((subgraph) => [subgraph, text]))
}
