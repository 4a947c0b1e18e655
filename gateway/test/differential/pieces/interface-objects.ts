import { addType, draw, drawLeaf, idField } from '../draw.ts'
import { type Building, type Piece, typeOf } from '../model.ts'

/** An interface with a key, that another subgraph knows only as one type. */
export const interfaceObjects: Piece = {
  types(building) {
    const [first = 's0', second = 's1'] = building.subgraphs
    const members = membersOf(building)
    const heads = new Map([
      [first, 'interface M @key(fields: "id")'],
      [second, 'type M @key(fields: "id") @interfaceObject'],
    ])
    const m = addType(building, { name: 'M', kind: 'abstract', members, heads })
    m.fields.push(idField(m))
    for (const name of members) {
      const head = `type ${name} implements M @key(fields: "id")`
      const type = addType(building, { name, kind: 'entity', heads: new Map([[first, head]]) })
      type.fields.push(idField(type))
    }
  },
  fields(building) {
    const [first = 's0', second = 's1'] = building.subgraphs
    const m = typeOf(building, 'M')
    const title = draw(building, { of: m, name: 'title', type: 'String', subgraph: first })
    m.fields.push(title, draw(building, { of: m, name: 'stars', type: 'Int', subgraph: second }))
    for (const name of membersOf(building)) {
      const type = typeOf(building, name)
      type.fields.push(title, drawLeaf(building, type, 'own'))
    }
    const query = typeOf(building, 'Query')
    query.fields.push(draw(building, { of: query, name: 'm0', type: '[M]', subgraph: first }))
    query.fields.push(draw(building, { of: query, name: 'm1', type: '[M!]', subgraph: second }))
  },
}

function membersOf({ era }: Building): readonly string[] {
  return era === 1 ? ['M0', 'M1'] : ['M0', 'M1', 'M2']
}
