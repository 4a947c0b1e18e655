import { addType, drawLeaf, drawLink, idField, keyField } from '../draw.ts'
import { type Piece, type Reference, typeOf } from '../model.ts'

/** Entities that go by different names: two keys, a key of two fields, a key inside another object. */
export const keys: Piece = {
  types(building) {
    const [first = 's0', second = 's1', third] = building.subgraphs
    const byId = '@key(fields: "id")'
    const byPair = '@key(fields: "sku region")'
    const heads = new Map([
      [first, `type K0 ${byId}`],
      [second, `type K0 ${byId} ${byPair}`],
    ])
    if (third !== undefined) heads.set(third, `type K0 ${byPair}`)
    const k0 = addType(building, { name: 'K0', kind: 'entity', heads, identify: idOfPair })
    k0.fields.push(idField(k0, [first, second]))
    const pairs = [second, ...(third === undefined ? [] : [third])]
    k0.fields.push(keyField(k0, 'sku', 'String!', { subgraphs: pairs, derive: (id) => `é-${id}` }))
    k0.fields.push(keyField(k0, 'region', 'Int!', { subgraphs: pairs, derive: (id) => Number(id) % 2 }))
    const nested = building.subgraphs.map(
      (subgraph) => [subgraph, 'type K1 @key(fields: "org { code }")'] as const,
    )
    addType(building, { name: 'K1', kind: 'entity', heads: new Map(nested), identify: idOfOrg })
    const orgs = building.subgraphs.map((subgraph) => [subgraph, 'type Org @shareable'] as const)
    addType(building, {
      name: 'Org',
      kind: 'value',
      heads: new Map(orgs),
      make: (roll) => ({ code: `o${roll}` }),
    })
  },
  fields(building) {
    const { subgraphs } = building
    const [k0, k1, org] = [typeOf(building, 'K0'), typeOf(building, 'K1'), typeOf(building, 'Org')]
    org.fields.push(keyField(org, 'code', 'String!', { subgraphs, derive: undefined }))
    k1.fields.push(keyField(k1, 'org', 'Org!', { subgraphs, derive: (id) => ({ code: `o${id}` }) }))
    for (const type of [k0, k1]) {
      for (let i = 0; i < 3; i += 1) type.fields.push(drawLeaf(building, type, `f${i}`))
      type.fields.push(drawLink(building, type, 'l0'))
    }
    const query = typeOf(building, 'Query')
    for (const [i, type] of [k0, k1].entries()) {
      const head = [...type.heads.keys()].at(-1) ?? 's0'
      const to = i === 0 ? '[K0]' : '[K1!]'
      query.fields.push({ ...drawLeaf(building, query, `k${i}`), type: to, in: new Map([[head, '']]) })
    }
  },
}

function idOfPair({ id, sku }: Reference): string | undefined {
  return typeof id === 'string' ? id : String(sku).slice('é-'.length)
}

function idOfOrg({ org }: Reference): string | undefined {
  const code = typeof org === 'object' && org !== null && 'code' in org ? org.code : undefined
  return typeof code === 'string' ? code.slice(1) : undefined
}
