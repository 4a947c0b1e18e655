import { addType, draw, drawLeaf, idField, plain } from '../draw.ts'
import { type Building, type Piece, pick, typeOf } from '../model.ts'

/** What subgraphs say differently: a type that one of them only names, and fields of which one promises more. */
export const uneven: Piece = {
  types(building) {
    const [finder = 's0', owner = 's1', third] = building.subgraphs
    const heads = new Map([
      [finder, 'type P @key(fields: "id", resolvable: false)'],
      [owner, 'type P @key(fields: "id")'],
    ])
    if (third !== undefined) heads.set(third, 'type P @key(fields: "id")')
    const p = addType(building, { name: 'P', kind: 'entity', heads })
    p.fields.push(idField(p))
  },
  fields(building) {
    const { random, subgraphs } = building
    const [finder = 's0', ...owners] = subgraphs
    const p = typeOf(building, 'P')
    for (let i = 0; i < 3; i += 1) {
      const subgraph = pick(random, owners.slice(0, 2))
      p.fields.push({ ...drawLeaf(building, p, `p${i}`), in: new Map([[subgraph, '']]) })
    }
    for (const typeName of ['Query', 'E1']) {
      const of = typeOf(building, typeName)
      of.fields.push(
        draw(building, { of, name: 'stub', type: pick(random, ['P', '[P]', '[P!]!']), subgraph: finder }),
      )
    }
    for (const typeName of ['E0', 'E2']) addPromise(building, typeName)
  },
}

/** One subgraph says that it is always there. */
function addPromise(building: Building, typeName: string): void {
  const { random, subgraphs } = building
  const of = typeOf(building, typeName)
  const [name, type] = pick(random, [
    ['even', 'Int'],
    ['even', '[E1]'],
    ['even', 'V'],
  ] as const)
  const sure = pick(random, subgraphs)
  of.fields.push({
    ...plain(of, name, type),
    in: new Map(subgraphs.slice(0, 3).map((subgraph) => [subgraph, '@shareable'])),
    typeIn: new Map([[sure, `${type}!`]]),
    derive: (id: string) => evenly(type, Number(id)),
    isSure: true,
  })
}

function evenly(type: 'Int' | '[E1]' | 'V', id: number): unknown {
  if (type === 'Int') return id
  return type === 'V' ? { a: id, b: null } : [{ __typename: 'E1', id: `${id}` }]
}
