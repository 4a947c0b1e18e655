import type { Random } from '@stoa/platform/random'

/** A random graph, split over subgraphs by a key that every entity has in each of them. */
export interface Model {
  readonly subgraphs: readonly string[]
  /** Entities first, the query type last. */
  readonly types: readonly TypeModel[]
}

export interface TypeModel {
  readonly name: string
  readonly fields: readonly FieldModel[]
}

export interface FieldModel {
  readonly name: string
  /** `[E1!]!`, `Int`, `C`, … */
  readonly type: string
  readonly owner: string
  /** Has an argument `n: Int` that its value depends on. */
  readonly hasArgument: boolean
  /** A nullable field of another subgraph that its value depends on; that one never fails. */
  readonly requires: string | undefined
}

const LEAVES = ['Int', 'Int!', 'String', 'Boolean', 'C', 'C!', '[Int!]', 'V', 'V!', '[V]']
const SHAPES = ['#', '#', '#!', '[#]', '[#!]', '[#!]!', '[[#]]']
export const ENTITIES = ['E0', 'E1', 'E2'] as const

export function pick<T>(random: Random, list: readonly T[]): T {
  const chosen = list[Math.floor(random.next() * list.length)]
  if (chosen === undefined) throw new Error('nothing to pick from')
  return chosen
}

export function chance(random: Random, share: number): boolean {
  return random.next() < share
}

export function randomModel(random: Random): Model {
  const subgraphs = ['s0', 's1', 's2', 's3'].slice(0, 2 + Math.floor(random.next() * 3))
  const entities = ENTITIES.map((name) => ({ name, fields: entityFields(random, subgraphs) }))
  const roots = Array.from({ length: 5 }, (_, i) => field(random, `q${i}`, linkType(random), subgraphs))
  return { subgraphs, types: [...entities, { name: 'Query', fields: roots }] }
}

function entityFields(random: Random, subgraphs: readonly string[]): readonly FieldModel[] {
  const plain = Array.from({ length: 4 }, (_, i) => field(random, `f${i}`, pick(random, LEAVES), subgraphs))
  const links = Array.from({ length: 3 }, (_, i) => field(random, `l${i}`, linkType(random), subgraphs))
  const needed: FieldModel = { ...field(random, 'base', 'Int', subgraphs), hasArgument: false }
  const other = subgraphs.find((name) => name !== needed.owner) ?? needed.owner
  const needing: FieldModel = { ...field(random, 'sum', 'Int', [other]), requires: needed.name }
  return [...plain, ...links, needed, needing]
}

/** Unions and interfaces live in the first subgraph alone. */
function linkType(random: Random): string {
  return pick(random, SHAPES).replace('#', pick(random, [...ENTITIES, ...ENTITIES, 'U', 'N']))
}

function field(random: Random, name: string, type: string, subgraphs: readonly string[]): FieldModel {
  const isAbstract = /[UN]/.test(type)
  const owner = isAbstract ? 's0' : pick(random, subgraphs)
  return { name, type, owner, hasArgument: chance(random, 0.3), requires: undefined }
}

export function subgraphSdl(model: Model, subgraph: string): string {
  const types = model.types.map((type) => typeSdl(type, subgraph))
  const abstract = subgraph === 's0' ? 'union U = E0 | E1\ninterface N { id: ID! }' : ''
  return `${types.join('\n')}\n${abstract}\ntype V @shareable { a: Int! b: String }\nenum C { RED GREEN }`
}

function typeSdl({ name, fields }: TypeModel, subgraph: string): string {
  const own = fields.filter((field) => field.owner === subgraph)
  const external = own.flatMap((field) => (field.requires ? [`${field.requires}: Int @external`] : []))
  const lines = own.map(fieldSdl)
  if (name === 'Query') return lines.length > 0 ? `type Query { ${lines.join(' ')} }` : ''
  const implemented = subgraph === 's0' && name !== 'E2' ? ' implements N' : ''
  return `type ${name}${implemented} @key(fields: "id") { id: ID! ${[...lines, ...external].join(' ')} }`
}

function fieldSdl({ name, type, hasArgument, requires }: FieldModel): string {
  return `${name}${hasArgument ? '(n: Int)' : ''}: ${type}${requires ? ` @requires(fields: "${requires}")` : ''}`
}
