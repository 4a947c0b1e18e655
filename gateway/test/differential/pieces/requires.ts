import { draw, plain } from '../draw.ts'
import { type Building, type FieldModel, type Need, type Piece, pick, typeOf } from '../model.ts'

/** Fields that depend on those of another subgraph: plain ones, with arguments, and parts of an object. */
export const requires: Piece = {
  fields(building) {
    for (const name of ['E0', 'E1', 'E2']) {
      add(building, name, { needed: 'base', type: 'Int', by: 'sum', text: 'base', need: { name: 'base' } })
      const kind = pick(building.random, ['argument', 'parts', 'both', 'none'])
      if (kind === 'argument' || kind === 'both') addWithArgument(building, name)
      if (kind === 'parts' || kind === 'both') {
        const need: Need = { name: 'box', parts: ['a'] }
        add(building, name, { needed: 'box', type: 'V', by: 'size', text: 'box { a }', need })
      }
    }
  },
}

function addWithArgument(building: Building, name: string): void {
  const need: Need = { name: 'scaled', given: { n: 2 } }
  const wanted = { needed: 'scaled', type: 'Int', by: 'twice', text: 'scaled(n: 2)', need }
  add(building, name, { ...wanted, argument: 'number' })
}

interface Wanted {
  readonly needed: string
  readonly type: string
  readonly by: string
  /** The selection as `@requires` has it. */
  readonly text: string
  readonly need: Need
  readonly argument?: FieldModel['argument']
}

function add(building: Building, typeName: string, wanted: Wanted): void {
  const { random, subgraphs } = building
  const of = typeOf(building, typeName)
  const owner = pick(random, subgraphs)
  const other = pick(
    random,
    subgraphs.filter((subgraph) => subgraph !== owner),
  )
  of.fields.push({
    ...plain(of, wanted.needed, wanted.type),
    ...{ in: new Map([[owner, '']]), toldTo: [other], isSure: true, argument: wanted.argument },
  })
  of.fields.push({
    ...draw(building, { of, name: wanted.by, type: 'Int', subgraph: other }),
    in: new Map([[other, `@requires(fields: "${wanted.text}")`]]),
    needs: [wanted.need],
  })
}
