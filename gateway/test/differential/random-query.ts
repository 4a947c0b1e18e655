import type { Random } from '@stoa/platform/random'
import { chance, ENTITIES, type FieldModel, type Model, pick } from './model.ts'

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
  const body = selections(writing, 'Query', 4)
  const text = `query($yes: Boolean!, $no: Boolean!, $n: Int) ${body} ${writing.fragments.join(' ')}`
  const variables = { yes: true, no: false, ...(chance(random, 0.5) && { n: pick(random, [1, 2, null]) }) }
  return { text, variables }
}

function selections(writing: Writing, typeName: string, depth: number): string {
  const { random } = writing
  const wanted = Array.from({ length: 1 + Math.floor(random.next() * 4) }, () =>
    selection(writing, typeName, depth),
  )
  return `{ ${wanted.join(' ')} }`
}

function selection(writing: Writing, typeName: string, depth: number): string {
  const { random } = writing
  if (chance(random, 0.1))
    return `${chance(random, 0.3) ? `t${writing.count++}: ` : ''}__typename ${condition(random)}`
  if (typeName === 'U' || typeName === 'N') return onType(writing, pick(random, ENTITIES.slice(0, 2)), depth)
  if (chance(random, 0.15) && depth > 0)
    return chance(random, 0.5) ? onType(writing, typeName, depth) : spread(writing, typeName, depth)
  if (chance(random, 0.1) && typeName.startsWith('E')) return 'id'
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
  const fields = model.types.find(({ name }) => name === typeName)?.fields ?? []
  const leaves = fields.filter(({ type }) => !isLink(type))
  const field = pick(random, depth > 0 || leaves.length === 0 ? fields : leaves)
  const alias = chance(random, 0.3) ? `a${writing.count++}: ` : ''
  const argument =
    field.hasArgument && chance(random, 0.5) ? `(n: ${pick(random, ['1', '2', '$n', 'null'])})` : ''
  return `${alias}${field.name}${argument} ${condition(random)} ${below(writing, field, depth)}`
}

function below(writing: Writing, field: FieldModel, depth: number): string {
  const name = field.type.replace(/[[\]!]/g, '')
  if (name === 'V') return '{ b a }'
  if (!isLink(field.type)) return ''
  return depth > 0 ? selections(writing, name, depth - 1) : '{ __typename }'
}

function isLink(type: string): boolean {
  return /E\d|U|N/.test(type)
}

function condition(random: Random): string {
  if (!chance(random, 0.12)) return ''
  return `@${pick(random, ['skip', 'include'])}(if: ${pick(random, ['$yes', '$no', 'true', 'false'])})`
}
