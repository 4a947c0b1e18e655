import { draw, plain } from '../draw.ts'
import { type Building, type Piece, pick, typeOf } from '../model.ts'

/** Fields of another subgraph that come along on one path, also behind a union. */
export const provides: Piece = {
  fields(building) {
    const { random, subgraphs } = building
    const [first, ...others] = subgraphs
    if (first === undefined) return
    const giver = pick(random, subgraphs)
    const owner = pick(
      random,
      subgraphs.filter((subgraph) => subgraph !== giver),
    )
    addGiven(building, { name: 'given', owner, giver, types: ['E1'] })
    addPath(building, { from: 'Query', to: pick(random, ['E1', '[E1]', '[E1!]!']), giver, text: 'given' })
    addPath(building, { from: 'E0', to: 'E1', giver, text: 'given' })
    const types = pick(random, [['E0'], ['E0', 'E1']])
    addGiven(building, { name: 'gift', owner: pick(random, others), giver: first, types })
    const text = types.map((name) => `... on ${name} { gift }`).join(' ')
    addPath(building, { from: 'Query', to: pick(random, ['U', '[U]']), giver: first, text })
  },
}

interface Given {
  readonly name: string
  readonly owner: string
  readonly giver: string
  readonly types: readonly string[]
}

function addGiven(building: Building, { name, owner, giver, types }: Given): void {
  for (const typeName of types) {
    const of = typeOf(building, typeName)
    const resolved = new Map([
      [owner, '@shareable'],
      [giver, '@external'],
    ])
    of.fields.push({ ...plain(of, name, 'Int'), in: resolved })
  }
}

interface Path {
  readonly from: string
  readonly to: string
  readonly giver: string
  readonly text: string
}

function addPath(building: Building, { from, to, giver, text }: Path): void {
  const of = typeOf(building, from)
  const name = `p${of.fields.length}`
  of.fields.push({
    ...draw(building, { of, name, type: to, subgraph: giver }),
    in: new Map([[giver, `@provides(fields: "${text}")`]]),
  })
}
