import { hash } from 'node:crypto'
import { Fault } from '@stoa/platform/fault'
import { type FieldModel, fieldsOf, type Given, type Model, type Need } from './model.ts'

/** What a field of an object answers: the same in the merged schema and in every subgraph. */
export interface Source {
  readonly __typename?: string
  readonly id?: string
  readonly [key: string]: unknown
}

export interface Data {
  /** `needed`: values of the fields that this one depends on. */
  resolve(
    field: FieldModel,
    source: Source,
    asked: { readonly given: Given; readonly needed?: readonly unknown[] },
  ): unknown
  /** The same for whoever has to find these values, too. */
  resolveAll(typeName: string, field: FieldModel, source: Source, given: Given): unknown
}

/** Values are a function of the seed and of where they stand, so nothing has to be kept. */
export function dataOf(
  model: Model,
  { seed, failing }: { readonly seed: number; readonly failing: number },
): Data {
  const dice = (...where: readonly unknown[]): number =>
    Number.parseInt(hash('sha256', [seed, ...where].join('/')).slice(0, 8), 16)

  /** Where nothing fails, nothing is missing either; nor where others are worked out from the value. */
  function valueAt(type: string, where: string, isSure: boolean): unknown {
    if (!type.endsWith('!')) return dice(where) % 100 < 12 ? null : somethingAt(type, where, isSure)
    const lacks = !isSure && dice('lacks', where) % 1_000 < failing * 500
    return lacks ? null : somethingAt(type.slice(0, -1), where, isSure)
  }

  function somethingAt(type: string, where: string, isSure: boolean): unknown {
    const roll = dice(where) % 100
    if (!type.startsWith('[')) return leafOf(model, type, roll)
    return Array.from({ length: roll % 4 }, (_, i) => valueAt(type.slice(1, -1), `${where}/${i}`, isSure))
  }

  const data: Data = {
    resolve(field, source, { given, needed = [] }) {
      const { id = '' } = source
      if (field.derive) return field.derive(id)
      const where = [field.of, id, field.name, JSON.stringify(Object.entries(given).sort())].join('.')
      const mayFail = !field.isSure && dice('fails', where) % 1_000 < failing * 1_000
      if (mayFail) throw new Fault('CONFLICT', `no ${where}`)
      if (field.needs.length > 0) return dice(where, JSON.stringify(needed)) % 1_000
      return valueAt(field.type, where, field.isSure)
    },
    resolveAll(typeName, field, source, given) {
      const needed = field.needs.map((need) => partsOf(need, neededOf(typeName, need, source)))
      return data.resolve(field, source, { given, needed })
    },
  }

  function neededOf(typeName: string, { name, given = {}, of, parts }: Need, source: Source): unknown {
    const field = fieldsOf(model, typeName).find((candidate) => candidate.name === name)
    const value = field && data.resolveAll(typeName, field, source, given)
    return of !== undefined && parts && isList(parts) ? entitiesWith(of, parts, value) : value
  }

  function entitiesWith(type: string, parts: readonly string[], value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => entitiesWith(type, parts, item))
    if (typeof value !== 'object' || value === null) return value
    const source: Source = { ...value }
    return Object.fromEntries(parts.map((name) => [name, neededOf(type, { name }, source)]))
  }

  return data
}

/** No more of a value than was asked for, in the order in which it was. */
export function partsOf(need: Need, value: unknown): unknown {
  const { parts } = need
  if (!parts || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => partsOf(need, item))
  const known = new Map<string, unknown>(Object.entries(value))
  const wanted = isList(parts) ? parts : (parts[String(known.get('__typename'))] ?? ['of no type'])
  return Object.fromEntries(wanted.map((key) => [key, known.get(key)]))
}

function isList(parts: NonNullable<Need['parts']>): parts is readonly string[] {
  return Array.isArray(parts)
}

function leafOf(model: Model, type: string, roll: number): unknown {
  const found = model.types.get(type)
  if (found?.make) return found.make(roll)
  if (!found) return LEAVES[type]?.(roll)
  const id = roll % 4
  return { __typename: found.members[id % found.members.length], id: `${id}` }
}

const LEAVES: Readonly<Record<string, (roll: number) => unknown>> = {
  Boolean: (roll) => roll % 2 === 0,
  C: (roll) => (roll % 2 === 0 ? 'RED' : 'GREEN'),
  Float: (roll) => (roll - 50) / 4,
  H: (roll) => (roll % 8 === 0 ? 'HIDDEN' : 'SEEN'),
  ID: (roll) => `id/${roll}`,
  Int: (roll) => roll - 20,
  J: (roll) => (roll % 3 === 0 ? roll : { k: roll, list: [roll / 8, 'é "', null], inner: {} }),
  String: (roll) => `text ${roll} "é" \\ / ${roll % 5 === 0 ? '\u2028😀\n' : ''}`,
}
