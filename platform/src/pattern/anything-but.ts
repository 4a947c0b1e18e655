import type { Scalar, Test } from './branch.ts'
import { type Problems, shown } from './problem.ts'
import { parseEqualsIgnoreCase, parsePrefix, parseSuffix } from './text.ts'
import { parseWildcard } from './wildcard.ts'

type Inner = (operand: unknown, path: string, problems: Problems) => Test | undefined

const inner: Readonly<Record<string, Inner>> = {
  'equals-ignore-case': parseEqualsIgnoreCase,
  prefix: parsePrefix,
  suffix: parseSuffix,
  wildcard: parseWildcard,
}

/** `{"anything-but": x}`: there is a value, and it is none of these. */
export function parseAnythingBut(operand: unknown, path: string, problems: Problems): Test | undefined {
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand)) {
    return butOperator(operand, path, problems)
  }
  const values: readonly unknown[] = Array.isArray(operand) ? operand : [operand]
  if (!isScalarList(values, Array.isArray(operand))) {
    problems.add(path, `Expected a value, or a list of only strings or only numbers, got ${shown(operand)}.`)
    return undefined
  }
  const banned = new Set(values)
  return (value) => !banned.has(value)
}

function butOperator(operand: object, path: string, problems: Problems): Test | undefined {
  const [entry, ...others] = Object.entries(operand)
  const parse = entry && Object.hasOwn(inner, entry[0]) ? inner[entry[0]] : undefined
  if (!entry || !parse || others.length > 0) {
    const names = Object.keys(inner).join(', ')
    problems.add(path, `Expected exactly one of ${names} inside "anything-but", got ${shown(operand)}.`)
    return undefined
  }
  const [name, sought] = entry
  const list: readonly unknown[] = Array.isArray(sought) ? sought : [sought]
  const texts = list.filter((one) => typeof one === 'string' && (one !== '' || name === 'equals-ignore-case'))
  if (texts.length === 0 || texts.length < list.length) {
    problems.add(
      `${path}.${name}`,
      `Expected a string that is not empty or a list of such, got ${shown(sought)}.`,
    )
    return undefined
  }
  const tests = texts
    .map((one) => parse(one, `${path}.${name}`, problems))
    .filter((test) => test !== undefined)
  return (value) => !tests.some((test) => test(value))
}

/** A lone value may be any scalar; a list holds only strings or only numbers, as event-ruler has it. */
function isScalarList(values: readonly unknown[], list: boolean): values is readonly Scalar[] {
  const kinds = new Set(values.map((value) => (value === null ? 'null' : typeof value)))
  const [kind] = kinds
  if (kinds.size !== 1 || kind === undefined) return false
  return kind === 'string' || kind === 'number' || (!list && (kind === 'boolean' || kind === 'null'))
}
