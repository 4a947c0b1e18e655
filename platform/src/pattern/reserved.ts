/** Words that event-ruler keeps for operators to come; a pattern may not use them yet. */
const FUTURE: ReadonlySet<string> = new Set([
  'regex',
  'not-wildcard',
  'not-equals-ignore-case',
  'date-after',
  'date-on-or-after',
  'date-before',
  'date-on-or-before',
  'in-date-range',
  'ip-address-in-range',
  'ip-address-not-in-range',
])

const OPERATORS: ReadonlySet<string> = new Set([
  'exactly',
  'equals-ignore-case',
  'prefix',
  'suffix',
  'anything-but',
  'exists',
  'wildcard',
  'numeric',
  'cidr',
  '=',
  '<',
  '<=',
  '>',
  '>=',
])

/** Whether an array of such objects is a list of operators and not an `$or`. */
export function isReserved(word: string): boolean {
  return OPERATORS.has(word) || FUTURE.has(word)
}

export function isFutureOperator(word: string): boolean {
  return FUTURE.has(word)
}
