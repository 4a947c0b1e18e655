import { parseAnythingBut } from './anything-but.ts'
import type { Scalar, Test } from './branch.ts'
import { parseCidr } from './cidr.ts'
import { parseNumeric } from './numeric.ts'
import { type Problems, shown } from './problem.ts'
import { isFutureOperator } from './reserved.ts'
import { parseEqualsIgnoreCase, parseExactly, parsePrefix, parseSuffix } from './text.ts'
import { parseWildcard, starsIn } from './wildcard.ts'

/** The array at the end of a path: any element may be the one that matches. */
export interface Leaf {
  /** Absent when `exists: false` is the only element. */
  readonly test?: Test
  /** Whether the field may also be missing. */
  readonly absent: boolean
  readonly cost: number
}

/** Reads one operator's operand; undefined when a problem was noted. */
type Operator = (operand: unknown, path: string, problems: Problems) => Test | undefined

const operators: Readonly<Record<string, Operator>> = {
  'anything-but': parseAnythingBut,
  cidr: parseCidr,
  'equals-ignore-case': parseEqualsIgnoreCase,
  exactly: parseExactly,
  numeric: parseNumeric,
  prefix: parsePrefix,
  suffix: parseSuffix,
  wildcard: parseWildcard,
}

export function parseLeaf(elements: readonly unknown[], path: string, problems: Problems): Leaf {
  if (elements.length === 0) problems.add(path, 'Empty arrays match nothing. Name at least one value.')
  const literals = new Set<Scalar>()
  const tests: Test[] = []
  let absent = false
  elements.forEach((element, i) => {
    if (isScalar(element)) literals.add(element)
    else if (existsOf(element) === false) absent = true
    else tests.push(parseOperator(element, `${path}[${i}]`, problems) ?? never)
  })
  if (literals.size > 0) tests.unshift(oneOf(literals))
  const cost = elements.reduce<number>((sum, element) => sum + costOf(element), 0)
  return tests.length > 0 ? { test: anyOf(tests), absent, cost } : { absent, cost }
}

function parseOperator(element: unknown, path: string, problems: Problems): Test | undefined {
  if (typeof element !== 'object' || element === null || Array.isArray(element)) {
    problems.add(
      path,
      `Expected a string, number, boolean, null or an operator object, got ${shown(element)}.`,
    )
    return undefined
  }
  const [entry, ...others] = Object.entries(element)
  if (!entry || others.length > 0) {
    problems.add(path, `Expected exactly one operator such as {"prefix": "…"}, got ${shown(element)}.`)
    return undefined
  }
  const [name, operand] = entry
  return readOperator({ name, operand, path }, problems)
}

function readOperator(
  { name, operand, path }: { readonly name: string; readonly operand: unknown; readonly path: string },
  problems: Problems,
): Test | undefined {
  if (name === 'exists') return parseExists(operand, path, problems)
  if (isFutureOperator(name)) {
    problems.add(path, `The operator "${name}" is reserved for the future. Use one of ${knownOperators()}.`)
    return undefined
  }
  const parse = Object.hasOwn(operators, name) ? operators[name] : undefined
  if (parse) return parse(operand, `${path}.${name}`, problems)
  problems.add(path, `Unknown operator "${name}". Use one of ${knownOperators()}.`)
  return undefined
}

function parseExists(operand: unknown, path: string, problems: Problems): Test | undefined {
  if (operand === true) return always
  problems.add(path, `Expected "exists" to be true or false, got ${shown(operand)}.`)
  return undefined
}

function existsOf(element: unknown): unknown {
  if (typeof element !== 'object' || element === null || Array.isArray(element)) return undefined
  const [entry, ...others] = Object.entries(element)
  return entry?.[0] === 'exists' && others.length === 0 ? entry[1] : undefined
}

function knownOperators(): string {
  return [...Object.keys(operators), 'exists'].sort().join(', ')
}

function oneOf(literals: ReadonlySet<Scalar>): Test {
  const [only] = literals
  // Pattern and event numbers are both doubles by now, so 300, 300.0 and 3e2 are one value.
  return literals.size === 1 ? (value) => value === only : (value) => literals.has(value)
}

function anyOf(tests: readonly Test[]): Test {
  const [only] = tests
  return only && tests.length === 1 ? only : (value) => tests.some((test) => test(value))
}

function costOf(element: unknown): number {
  return isScalar(element) ? 1 : 2 + 4 * starsIn(element)
}

function isScalar(value: unknown): value is Scalar {
  return (
    value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  )
}

const always: Test = () => true
const never: Test = () => false
