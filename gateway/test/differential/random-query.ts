import type { Random } from '@stoa/platform/random'
import { type ArgumentKind, chance, type FieldModel, fieldsOf, type Model, namedIn, pick } from './model.ts'

export interface RandomQuery {
  readonly text: string
  readonly variables: Readonly<Record<string, unknown>>
}

interface Writing {
  readonly random: Random
  readonly model: Model
  readonly fragments: string[]
  count: number
}

/** A query with aliases, arguments, fragments of both kinds and conditions; not always a valid one. */
export function randomQuery(random: Random, model: Model): RandomQuery {
  const writing: Writing = { random, model, fragments: [], count: 0 }
  const [kind, root] = chance(random, 0.15)
    ? (['mutation', 'Mutation'] as const)
    : (['query', 'Query'] as const)
  const body = selections(writing, root, pick(random, [2, 3, 3, 4]))
  const rest = `${body} ${writing.fragments.join(' ')}`
  const declared = DECLARED.filter((variable) => rest.includes(variable.slice(0, variable.indexOf(':'))))
  const text = `${kind}${declared.length > 0 ? `(${declared.join(', ')})` : ''} ${rest}`
  return { text, variables: variablesFor(random) }
}

/** Only those that are used are declared: others make a document invalid. */
const DECLARED = [
  ...['$yes: Boolean!', '$no: Boolean! = false', '$n: Int', '$s: String = "ü"', '$w: In'],
  '$representations: Int = 3',
]

function variablesFor(random: Random): Readonly<Record<string, unknown>> {
  return {
    yes: true,
    ...(chance(random, 0.5) && { n: pick(random, [1, 2, null]) }),
    ...(chance(random, 0.5) && { s: pick(random, ['plain', 'é "\\ 😀', null]) }),
    ...(chance(random, 0.5) && {
      w: pick(random, [{ a: 1 }, { b: [1, 2], c: { a: null, e: 'RED' } }, null]),
    }),
  }
}

function selections(writing: Writing, typeName: string, depth: number): string {
  const { random } = writing
  const most = typeName === 'Query' ? 2 : 3
  const wanted = Array.from({ length: 1 + Math.floor(random.next() * most) }, () =>
    selection(writing, typeName, depth),
  )
  return `{ ${wanted.join(' ')} }`
}

function selection(writing: Writing, typeName: string, depth: number): string {
  const { random, model } = writing
  if (chance(random, 0.1))
    return `${chance(random, 0.3) ? `t${writing.count++}: ` : ''}__typename ${condition(random)}`
  const { kind, members = [], fields = [] } = model.types.get(typeName) ?? {}
  if (kind === 'abstract' && (fields.length === 0 || chance(random, 0.5)))
    return onType(writing, pick(random, members), depth)
  if (chance(random, 0.15) && depth > 0)
    return chance(random, 0.5) ? onType(writing, typeName, depth) : spread(writing, typeName, depth)
  return fieldText(writing, typeName, depth)
}

function onType(writing: Writing, typeName: string, depth: number): string {
  return `... on ${typeName} ${condition(writing.random)} ${selections(writing, typeName, depth - 1)}`
}

function spread(writing: Writing, typeName: string, depth: number): string {
  const name = `F${writing.count++}`
  writing.fragments.push(`fragment ${name} on ${typeName} ${selections(writing, typeName, depth - 1)}`)
  return `...${name} ${condition(writing.random)}`
}

function fieldText(writing: Writing, typeName: string, depth: number): string {
  const { random, model } = writing
  const fields = fieldsOf(model, typeName)
  const leaves = fields.filter(({ type }) => !isLink(model, type))
  const field = pick(random, depth > 0 || leaves.length === 0 ? fields : leaves)
  const alias = chance(random, 0.3) ? aliasFor(writing, fields) : ''
  return `${alias}${field.name}${argumentText(writing, field)} ${condition(random)} ${below(writing, field, depth)}`
}

/** Also one that another field has as its name, or that a planner may make up. */
function aliasFor(writing: Writing, fields: readonly FieldModel[]): string {
  const { random, model } = writing
  if (model.era === 1 || chance(random, 0.5)) return `a${writing.count++}: `
  return `${pick(random, [...fields.map(({ name }) => name), ...MISLEADING])}: `
}

const MISLEADING = ['_internal_qp_alias_0', 'scaled', 'base', 'id', 'org', 'same', 'same', '_e0', '_entities']

const VALUES: Readonly<Record<ArgumentKind, readonly string[]>> = {
  number: ['n: 1', 'n: 2', 'n: $n', 'n: null'],
  defaulted: ['n: 1', 'n: 5', 'n: $n'],
  text: ['s: "a \\"é\\" 😀"', 's: $s', 's: """block"""'],
  input: ['w: $w', 'w: { a: $n }', 'w: { b: [1], c: { e: GREEN } }', 'w: { c: $w }'],
}

const LATER_VALUES: readonly string[] = ['n: 2', 'n: $representations']

function argumentText({ random, model }: Writing, { argument }: FieldModel): string {
  if (argument === undefined || !chance(random, 0.5)) return ''
  if (model.era > 1 && argument === 'number' && chance(random, 0.2)) return `(${pick(random, LATER_VALUES)})`
  return `(${pick(random, VALUES[argument])})`
}

function below(writing: Writing, field: FieldModel, depth: number): string {
  const name = namedIn(field.type)
  if (!writing.model.types.has(name)) return ''
  if (!isLink(writing.model, field.type)) return selections(writing, name, 0)
  return depth > 0 ? selections(writing, name, depth - 1) : '{ __typename }'
}

function isLink(model: Model, type: string): boolean {
  const kind = model.types.get(namedIn(type))?.kind
  return kind === 'entity' || kind === 'abstract'
}

function condition(random: Random): string {
  if (!chance(random, 0.12)) return ''
  return `@${pick(random, ['skip', 'include'])}(if: ${pick(random, ['$yes', '$no', 'true', 'false'])})`
}
