import { engineFault } from '@stoa/platform/engine-fault'

/** A map of an answer, read by names. */
export interface AnswerRow {
  text(name: string): string
  number(name: string): number
  texts(name: string): readonly string[]
  numbers(name: string): readonly number[]
  rows(name: string): readonly AnswerRow[]
  /** A list of maps of one, or one map: keys and their numbers, in its order. */
  entries(name: string): readonly (readonly [string, number])[]
}

/** An answer of maps; anything else is a fault: what is not as asked for must not pass for nothing. */
export function readRows(answer: readonly unknown[]): readonly AnswerRow[] {
  return answer.map((row) => (row instanceof Map ? rowOf(row) : refuse(row)))
}

/** An answer of ids. */
export function readTexts(answer: readonly unknown[]): readonly string[] {
  return answer.map((value) => (typeof value === 'string' ? value : refuse(value)))
}

function rowOf(row: ReadonlyMap<unknown, unknown>): AnswerRow {
  return {
    text: (name) => toText(row.get(name)),
    number: (name) => toNumber(row.get(name)),
    texts: (name) => toList(row.get(name)).map(toText),
    numbers: (name) => toList(row.get(name)).map(toNumber),
    rows: (name) => readRows(toList(row.get(name))),
    entries: (name) => toList(row.get(name)).flatMap(toEntries),
  }
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : refuse(value)
}

function toNumber(value: unknown): number {
  return typeof value === 'number' ? value : refuse(value)
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(value)
}

function toEntries(value: unknown): readonly (readonly [string, number])[] {
  if (!(value instanceof Map)) return refuse(value)
  return [...value].map(([key, weight]) => [toText(key), toNumber(weight)] as const)
}

function refuse(value: unknown): never {
  throw engineFault('UPSTREAM_INVALID', 'The graph answered something other than was asked for. Report it.', {
    engine: 'neptune',
    kind: 'bad_answer',
    cause: new Error(`Got ${typeof value}: ${String(value).slice(0, 200)}`),
  })
}
