import type { Json, JsonObject } from '../src/json.ts'

/**
 * Event patterns the slow and obvious way, to compare the compiled matcher with: the event as a flat list of values,
 * each with the array elements it lies in, and every combination of values tried.
 */
export function naiveMatches(pattern: JsonObject, event: JsonObject): boolean {
  const values = flatten(event)
  return alternativesOf(pattern, []).some((leaves) =>
    isSatisfied(leaves, { values, where: new Map(), absent: [] }),
  )
}

interface Value {
  readonly path: string
  readonly value: Json
  /** Array by number → index of the element. */
  readonly where: ReadonlyMap<number, number>
}

interface Leaf {
  readonly path: string
  readonly elements: readonly Json[]
}

interface Search {
  readonly values: readonly Value[]
  readonly where: ReadonlyMap<number, number>
  readonly absent: readonly string[]
}

function isSatisfied([leaf, ...others]: readonly Leaf[], search: Search): boolean {
  if (!leaf)
    return search.absent.every(
      (path) => !search.values.some((one) => one.path === path && isConsistent(one, search)),
    )
  const mayBeAbsent = leaf.elements.some((element) => operand(element, 'exists') === false)
  if (mayBeAbsent && isSatisfied(others, { ...search, absent: [...search.absent, leaf.path] })) return true
  return search.values.some(
    (one) =>
      one.path === leaf.path &&
      isConsistent(one, search) &&
      leaf.elements.some((element) => elementMatches(element, one.value)) &&
      isSatisfied(others, { ...search, where: new Map([...search.where, ...one.where]) }),
  )
}

function isConsistent(one: Value, search: Search): boolean {
  return [...one.where].every(([array, index]) => (search.where.get(array) ?? index) === index)
}

function flatten(event: JsonObject): readonly Value[] {
  const found: Value[] = []
  let arrays = 0
  function walk(value: Json | undefined, path: readonly string[], where: ReadonlyMap<number, number>): void {
    if (Array.isArray(value)) {
      arrays += 1
      const array = arrays
      value.forEach((element: Json, i) => {
        walk(
          element,
          path,
          typeof element === 'object' && element !== null ? new Map([...where, [array, i]]) : where,
        )
      })
    } else if (isObject(value))
      for (const [key, below] of Object.entries(value)) walk(below, [...path, key], where)
    else if (value !== undefined) found.push({ path: JSON.stringify(path), value, where })
  }
  walk(event, [], new Map())
  return found
}

/** Every way to choose one side of each `$or`. */
function alternativesOf(pattern: JsonObject, path: readonly string[]): readonly (readonly Leaf[])[] {
  let all: readonly (readonly Leaf[])[] = [[]]
  for (const [key, rule] of Object.entries(pattern)) {
    const more = rulesOf(key, rule ?? null, path)
    all = all.flatMap((one) => more.map((other) => [...one, ...other]))
  }
  return all
}

function rulesOf(key: string, rule: Json, path: readonly string[]): readonly (readonly Leaf[])[] {
  if (key === '$or' && Array.isArray(rule))
    return rule.flatMap((one: Json) => (isObject(one) ? alternativesOf(one, path) : []))
  const below = [...path, key]
  if (Array.isArray(rule)) return [[{ path: JSON.stringify(below), elements: rule }]]
  return isObject(rule) ? alternativesOf(rule, below) : []
}

function elementMatches(element: Json, value: Json): boolean {
  if (!isObject(element)) return element === value
  const [name = '', sought = null] = Object.entries(element)[0] ?? []
  if (name === 'exists') return sought === true
  if (name === 'anything-but') return !listOf(sought).some((one) => elementMatches(one, value))
  if (name === 'numeric') return typeof value === 'number' && Array.isArray(sought) && inRange(sought, value)
  if (typeof value !== 'string') return false
  if (!isObject(sought)) return textMatches(name, String(sought), value)
  return textMatches(name, String(operand(sought, 'equals-ignore-case')).toLowerCase(), value.toLowerCase())
}

function textMatches(name: string, wanted: string, text: string): boolean {
  if (name === 'prefix') return text.slice(0, wanted.length) === wanted
  if (name === 'suffix') return wanted === '' || text.slice(-wanted.length) === wanted
  if (name === 'equals-ignore-case') return text.toLowerCase() === wanted.toLowerCase()
  return name === 'wildcard' && wildcardMatches(wanted, text)
}

/** `anything-but: {prefix: [a, b]}` as one operator object for each. */
function listOf(sought: Json): readonly Json[] {
  if (Array.isArray(sought)) return sought
  if (!isObject(sought)) return [sought]
  const [name = '', inner = null] = Object.entries(sought)[0] ?? []
  return listOf(inner).map((one) => ({ [name]: one }))
}

function inRange([name, bound, ...others]: readonly Json[], value: number): boolean {
  const limit = Number(bound)
  const holds = {
    '=': value === limit,
    '<': value < limit,
    '<=': value <= limit,
    '>': value > limit,
    '>=': value >= limit,
  }
  const found = Object.entries(holds).find(([one]) => one === name)?.[1] ?? false
  return found && (others.length === 0 || inRange(others, value))
}

function wildcardMatches(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  if (pattern.startsWith('*')) {
    return wildcardMatches(pattern.slice(1), text) || (text !== '' && wildcardMatches(pattern, text.slice(1)))
  }
  const literal = pattern.startsWith('\\') ? pattern.charAt(1) : pattern.charAt(0)
  return (
    text.charAt(0) === literal &&
    text !== '' &&
    wildcardMatches(pattern.slice(pattern.startsWith('\\') ? 2 : 1), text.slice(1))
  )
}

function operand(element: Json, name: string): Json | undefined {
  return isObject(element) ? element[name] : undefined
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
