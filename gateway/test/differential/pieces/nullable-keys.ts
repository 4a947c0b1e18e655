import { addType, draw, keyField, plain } from '../draw.ts'
import { type Piece, typeOf } from '../model.ts'

/** An entity whose key may be null: then only the subgraph that found it knows more of it. */
export const nullableKeys: Piece = {
  types(building) {
    const { subgraphs } = building
    const [finder = 's0', other = 's1'] = subgraphs
    addType(building, {
      ...{ name: 'L', kind: 'entity', foundIn: finder },
      heads: new Map([finder, other].map((subgraph) => [subgraph, 'type L @key(fields: "code")'])),
      identify: ({ code }) => (typeof code === 'string' ? code.slice(1) : undefined),
    })
  },
  fields(building) {
    const of = typeOf(building, 'L')
    const [finder = 's0', other = 's1'] = [...of.heads.keys()]
    const code = (id: string): string | null => (isNameless(id) ? null : `c${id}`)
    of.fields.push(keyField(of, 'code', 'String', { subgraphs: [finder, other], derive: code }))
    of.fields.push({ ...plain(of, 'own', 'Int'), in: new Map([[finder, '']]) })
    const told = (id: string): string | null => (isNameless(id) ? null : `told of ${id}`)
    of.fields.push({
      ...plain(of, 'told', 'String'),
      in: new Map([[other, '']]),
      isSure: true,
      derive: told,
    })
    for (const typeName of ['Query', 'E0']) {
      const parent = typeOf(building, typeName)
      for (const [name, type] of [
        ['nameless', 'L'],
        ['some', '[L!]'],
      ] as const)
        parent.fields.push(draw(building, { of: parent, name, type, subgraph: finder }))
    }
  },
}

function isNameless(id: string): boolean {
  return id === '3'
}
