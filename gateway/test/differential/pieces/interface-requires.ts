import { draw } from '../draw.ts'
import { type Piece, typeOf } from '../model.ts'

/** A field that a subgraph adds to every implementation of an interface, worked out from one that the interface has. */
export const interfaceRequires: Piece = {
  fields(building) {
    const [, second = 's1'] = building.subgraphs
    const m = typeOf(building, 'M')
    const at = m.fields.findIndex(({ name }) => name === 'title')
    const title = m.fields[at]
    if (!title) return
    m.fields[at] = { ...title, toldTo: [second], isSure: true, argument: undefined }
    for (const name of m.members) {
      const { fields } = typeOf(building, name)
      const own = fields.findIndex((field) => field.name === 'title')
      fields[own] = { ...title, isSure: true, argument: undefined }
    }
    m.fields.push({
      ...draw(building, { of: m, name: 'shout', type: 'Int', subgraph: second }),
      in: new Map([[second, '@requires(fields: "title")']]),
      needs: [{ name: 'title' }],
    })
  },
}
