import { draw, plain } from '../draw.ts'
import { type Building, chance, type FieldModel, type Need, type Piece, pick, typeOf } from '../model.ts'

/** Requirements with fragments, on interfaces, on fields that have requirements, and two of one field with other arguments. */
export const requiresMore: Piece = {
  fields(building) {
    for (const name of ['E0', 'E1', 'E2']) {
      const other = pick(building.random, building.subgraphs)
      if (chance(building.random, 0.5)) addFragments(building, name, other)
      if (chance(building.random, 0.5)) addOnInterface(building, name, other)
      if (chance(building.random, 0.5)) addChain(building, name)
      if (chance(building.random, 0.5)) addTwoOfOne(building, name, other)
    }
  },
}

const WRAPS = ['#', '#', '[#]', '[#!]!', '[[#]]'] as const

function addFragments(building: Building, typeName: string, by: string): void {
  const need: Need = { name: 'zed', parts: { Z0: ['za', 'zb'], Z1: ['zc'] } }
  const type = pick(building.random, WRAPS).replace('#', 'Z')
  addNeeded(building, typeName, { need, type, by })
  addNeeding(building, typeName, {
    name: 'zsum',
    by,
    text: 'zed { ... on Z0 { za zb } ... on Z1 { zc } }',
    need,
  })
}

function addOnInterface(building: Building, typeName: string, by: string): void {
  const need: Need = { name: 'shape', parts: ['za'] }
  const type = pick(building.random, WRAPS).replace('#', 'Y')
  addNeeded(building, typeName, { need, type, by })
  addNeeding(building, typeName, { name: 'area', by, text: 'shape { za }', need })
  const both: Need = { name: 'shape', parts: { Z0: ['za'], Z1: ['za', 'zc'] } }
  const text = 'shape { za ... on Z1 { zc } }'
  if (chance(building.random, 0.5)) addNeeding(building, typeName, { name: 'bulk', by, text, need: both })
}

/** What one subgraph works out is required by the next. */
function addChain(building: Building, typeName: string): void {
  const { random, subgraphs } = building
  const [first, second] = [pick(random, subgraphs), pick(random, subgraphs)]
  const others = subgraphs.filter((subgraph) => subgraph !== first)
  const [by, last] = [pick(random, others), second]
  addNeeded(building, typeName, { need: { name: 'c0' }, type: 'Int', by, owner: first })
  const told = last === by ? [] : [last]
  addNeeding(building, typeName, { name: 'c1', by, text: 'c0', need: { name: 'c0' }, toldTo: told })
  if (last === by) return
  addNeeding(building, typeName, { name: 'c2', by: last, text: 'c1', need: { name: 'c1' } })
}

function addTwoOfOne(building: Building, typeName: string, by: string): void {
  const need = (n: number): Need => ({ name: 'graded', given: { n } })
  addNeeded(building, typeName, { need: need(1), type: 'Int', by, argument: 'number' })
  addNeeding(building, typeName, { name: 'grade1', by, text: 'graded(n: 1)', need: need(1) })
  addNeeding(building, typeName, { name: 'grade7', by, text: 'graded(n: 7)', need: need(7) })
}

interface Needed {
  readonly need: Need
  readonly type: string
  /** Who is told of it. */
  readonly by: string
  readonly owner?: string
  readonly argument?: FieldModel['argument']
}

function addNeeded(building: Building, typeName: string, needed: Needed): void {
  const { random, subgraphs } = building
  const of = typeOf(building, typeName)
  const { need, type, by, argument } = needed
  const others = subgraphs.filter((subgraph) => subgraph !== by)
  const { owner = pick(random, others) } = needed
  of.fields.push({
    ...plain(of, need.name, type),
    ...{ in: new Map([[owner, '']]), toldTo: [by], isSure: true, argument },
  })
}

interface Needing {
  readonly name: string
  readonly by: string
  /** The selection as `@requires` has it. */
  readonly text: string
  readonly need: Need
  readonly toldTo?: readonly string[]
}

function addNeeding(building: Building, typeName: string, needing: Needing): void {
  const of = typeOf(building, typeName)
  const { name, by, text, need, toldTo = [] } = needing
  of.fields.push({
    ...draw(building, { of, name, type: 'Int', subgraph: by }),
    in: new Map([[by, `@requires(fields: "${text}")`]]),
    ...{ needs: [need], toldTo, isSure: toldTo.length > 0 },
    ...(toldTo.length > 0 && { argument: undefined }),
  })
}
