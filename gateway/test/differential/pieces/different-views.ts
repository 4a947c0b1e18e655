import { addType, idField, keyField } from '../draw.ts'
import { type Building, type Piece, pick, typeOf } from '../model.ts'

/** A union and an interface that each subgraph knows with other types, and fields that lead to what it knows. */
export const differentViews: Piece = {
  types(building) {
    const views = viewsOf(building)
    const members = ['E0', 'E1', 'E2']
    const unions = views.map(([subgraph, known]) => [subgraph, `union X = ${known.join(' | ')}`] as const)
    addType(building, { name: 'X', kind: 'abstract', members, heads: new Map(unions), foundIn: 'nowhere' })
    const faces = views.map(([subgraph]) => [subgraph, 'interface I'] as const)
    const i = addType(building, {
      ...{ name: 'I', kind: 'abstract', members, foundIn: 'nowhere' },
      heads: new Map(faces),
    })
    i.fields.push(idField(i))
    for (const [subgraph, known] of views) for (const name of known) implementing(building, name, subgraph)
  },
  fields(building) {
    for (const [at, [subgraph, known]] of viewsOf(building).entries())
      for (const name of ['X', 'I'])
        for (const parent of ['Query', 'E0']) {
          const of = typeOf(building, parent)
          const derive = (id: string): unknown =>
            known.map((__typename, i) => ({ __typename, id: `${(Number(id || 0) + i + at) % 4}` }))
          of.fields.push(
            keyField(of, `${name.toLowerCase()}${at}`, pick(building.random, [`[${name}]`, `[${name}!]!`]), {
              subgraphs: [subgraph],
              derive,
            }),
          )
        }
  },
}

function viewsOf({ subgraphs }: Building): readonly (readonly [string, readonly string[]])[] {
  const views = [
    ['E0', 'E1'],
    ['E1', 'E2'],
    ['E2', 'E0'],
  ] as const
  return views.flatMap((known, i) => {
    const subgraph = subgraphs[i]
    return subgraph === undefined ? [] : [[subgraph, known] as const]
  })
}

function implementing(building: Building, typeName: string, subgraph: string): void {
  const { heads } = typeOf(building, typeName)
  const head = heads.get(subgraph) ?? ''
  const joined = head.includes(' implements ')
    ? head.replace(' implements ', ' implements I & ')
    : head.replace(` ${typeName}`, ` ${typeName} implements I`)
  heads.set(subgraph, joined)
}
