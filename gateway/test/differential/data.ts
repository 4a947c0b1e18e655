import { hash } from 'node:crypto'
import { Fault } from '@stoa/platform/fault'
import { ENTITIES, type FieldModel } from './model.ts'

/** What a field of an object answers: the same in the merged schema and in every subgraph. */
export interface Source {
  readonly __typename?: string
  readonly id?: string
  readonly [key: string]: unknown
}

export interface Data {
  resolve(typeName: string, field: FieldModel, source: Source, n: number | null | undefined): unknown
}

/** Values are a function of the seed and of where they stand, so nothing has to be kept. */
export function dataOf(seed: number, failing: number): Data {
  const dice = (...where: readonly unknown[]): number =>
    Number.parseInt(hash('sha256', [seed, ...where].join('/')).slice(0, 8), 16)

  function valueAt(type: string, where: string): unknown {
    if (type.endsWith('!')) return valueAt(type.slice(0, -1), where) ?? (type === 'Int!' ? 7 : refuse(where))
    const roll = dice(where) % 100
    if (roll < 12) return null
    if (type.startsWith('['))
      return Array.from({ length: roll % 4 }, (_, i) => itemOf(type.slice(1, -1), `${where}/${i}`))
    return leafOf(type, roll)
  }

  /** A missing item where there must be one would only test how errors inside lists are told. */
  function itemOf(type: string, where: string): unknown {
    return type.endsWith('!') ? leafOf(type.slice(0, -1), dice(where) % 100) : valueAt(type, where)
  }

  return {
    resolve(typeName, field, source, n) {
      const where = [typeName, source.id ?? '', field.name, n ?? ''].join('.')
      if (field.requires !== undefined) return Number(source[field.requires] ?? 0) + (n ?? 0)
      const mayFail = field.name !== 'base' && dice('fails', where) % 1_000 < failing * 1_000
      if (mayFail) refuse(where)
      return valueAt(field.type, where)
    },
  }
}

function refuse(where: string): never {
  throw new Fault('CONFLICT', `no ${where}`)
}

function leafOf(type: string, roll: number): unknown {
  switch (type) {
    case 'Int':
      return roll
    case 'String':
      return `text ${roll} "é" \\`
    case 'Boolean':
      return roll % 2 === 0
    case 'C':
      return roll % 2 === 0 ? 'RED' : 'GREEN'
    case 'V':
      return { a: roll, b: roll % 3 === 0 ? null : `b${roll}` }
    default:
      return { __typename: entityOf(type, roll), id: `${roll % 4}` }
  }
}

function entityOf(type: string, roll: number): string {
  return type === 'U' || type === 'N' ? (ENTITIES[roll % 2] ?? 'E0') : type
}
