import {
  ARGUMENTS,
  type ArgumentKind,
  type Building,
  chance,
  type FieldModel,
  pick,
  type TypeModel,
} from './model.ts'

const LEAVES = [
  ...['Int', 'Int!', 'String', 'Boolean', 'Float', 'ID', 'C', 'C!', '[Int!]', '[[Int!]!]', '[[C]]!'],
  ...['V', 'V!', '[V]', '[V!]!'],
]
const SHAPES = ['#', '#', '#!', '[#]', '[#!]', '[#!]!', '[[#]]', '[[#!]!]']
const KINDS = Object.keys(ARGUMENTS).filter((kind): kind is ArgumentKind => kind in ARGUMENTS)

interface Drawing {
  readonly of: TypeModel
  readonly name: string
  readonly type: string
  readonly subgraph: string
}

/** A field that one subgraph resolves; the rest of it is as chance has it. */
export function draw({ random }: Building, { of, name, type, subgraph }: Drawing): FieldModel {
  const argument = chance(random, 0.3) ? pick(random, KINDS) : undefined
  return { ...plain(of, name, type), in: new Map([[subgraph, '']]), argument }
}

/** A field that nobody resolves yet. */
export function plain(of: TypeModel, name: string, type: string): FieldModel {
  return {
    ...{ name, type, of: of.name, in: new Map(), toldTo: [], argument: undefined },
    ...{ isSure: false, derive: undefined, needs: [] },
  }
}

export function drawLeaf(building: Building, of: TypeModel, name: string): FieldModel {
  const subgraph = pick(building.random, [...of.heads.keys()])
  return draw(building, { of, name, type: pick(building.random, LEAVES), subgraph })
}

/** A field that leads to any type its subgraph knows. */
export function drawLink(building: Building, of: TypeModel, name: string): FieldModel {
  const { random, types } = building
  const subgraph = pick(random, [...of.heads.keys()])
  const targets = [...types.values()].filter(
    ({ kind, heads, foundIn = subgraph }) =>
      (kind === 'entity' || kind === 'abstract') && heads.has(subgraph) && foundIn === subgraph,
  )
  const type = pick(random, SHAPES).replace('#', pick(random, targets).name)
  return draw(building, { of, name, type, subgraph })
}

/** A key: the same for everybody who knows the type. */
export function keyField(
  of: TypeModel,
  name: string,
  type: string,
  { subgraphs, derive }: Pick<FieldModel, 'derive'> & { readonly subgraphs: readonly string[] },
): FieldModel {
  return {
    ...plain(of, name, type),
    in: new Map(subgraphs.map((subgraph) => [subgraph, ''])),
    isSure: true,
    derive,
  }
}

export function idField(of: TypeModel, subgraphs: readonly string[] = [...of.heads.keys()]): FieldModel {
  return keyField(of, 'id', 'ID!', { subgraphs, derive: (id) => id })
}

export function addType(
  { types }: Building,
  type: Pick<TypeModel, 'name' | 'kind'> & Partial<TypeModel>,
): TypeModel {
  const added: TypeModel = { heads: new Map(), fields: [], members: [type.name], ...type }
  types.set(type.name, added)
  return added
}
