import { absentRule, type Branch, leafRule, mergeBranches } from './branch.ts'
import { type Leaf, parseLeaf } from './leaf.ts'
import { type Problems, shown } from './problem.ts'
import { isReserved } from './reserved.ts'

/** A branch on its way up, with what it costs to try it. */
interface Alternative {
  readonly branch: Branch
  readonly cost: number
}

/**
 * A pattern as the list of branches of which one must hold: `$or` and `exists: false` beside other elements
 * are multiplied out first, because array consistency is a property of a whole combination, not of a field.
 */
export function expandPattern(pattern: unknown, problems: Problems): readonly Branch[] {
  if (!isObject(pattern)) {
    problems.add('', `Expected a pattern object such as {"source": ["orders"]}, got ${shown(pattern)}.`)
    return []
  }
  const alternatives = expandObject(pattern, '', problems)
  const cost = alternatives.reduce((sum, alternative) => sum + alternative.cost, 0)
  if (cost > problems.limits.maxComplexity) {
    const most = problems.limits.maxComplexity
    problems.add(
      '',
      `Too complex: ${cost} steps, at most ${most}. Use fewer wildcards and fewer alternatives.`,
    )
  }
  return alternatives.map(({ branch }) => branch)
}

function expandObject(pattern: object, path: string, problems: Problems): readonly Alternative[] {
  const entries = Object.entries(pattern)
  if (entries.length === 0) {
    problems.add(
      path,
      'Empty objects match nothing. To match every event write {"source": [{"prefix": ""}]}.',
    )
  }
  let all: readonly Alternative[] = [{ branch: new Map(), cost: 0 }]
  for (const [field, rule] of entries) {
    const more = expandField({ field, rule, path: path === '' ? field : `${path}.${field}` }, problems)
    if (all.length * more.length > problems.limits.maxAlternatives) {
      problems.add(
        path,
        `Too complex: more than ${problems.limits.maxAlternatives} combinations. Split the rule.`,
      )
      return []
    }
    all = all.flatMap((one) => more.map((other) => both(one, other)))
  }
  return all
}

interface Field {
  readonly field: string
  readonly rule: unknown
  readonly path: string
}

function expandField({ field, rule, path }: Field, problems: Problems): readonly Alternative[] {
  if (field === '$or' && isOr(rule)) {
    return rule.flatMap((choice, i) => expandObject(choice, `${path}[${i}]`, problems))
  }
  if (Array.isArray(rule)) return expandLeaf(field, parseLeaf(rule, path, problems))
  if (isObject(rule)) {
    const below = expandObject(rule, path, problems)
    return below.map(({ branch, cost }) => ({
      branch: new Map([[field, { tests: [], absent: false, children: branch }]]),
      cost,
    }))
  }
  problems.add(
    path,
    `Expected an array of values or an object, got ${shown(rule)}. Write ["…"] for one value.`,
  )
  return []
}

function expandLeaf(field: string, leaf: Leaf): readonly Alternative[] {
  const ways: Alternative[] = []
  if (leaf.test) ways.push({ branch: new Map([[field, leafRule(leaf.test)]]), cost: leaf.cost })
  if (leaf.absent) ways.push({ branch: new Map([[field, absentRule]]), cost: 1 })
  return ways
}

function both(one: Alternative, other: Alternative): Alternative {
  return { branch: mergeBranches(one.branch, other.branch), cost: one.cost + other.cost }
}

/** Anything else called `$or` is an ordinary field, as in event-ruler: events may have one. */
function isOr(rule: unknown): rule is readonly object[] {
  return (
    Array.isArray(rule) &&
    rule.length >= 2 &&
    rule.every((choice) => isObject(choice) && !hasReserved(choice))
  )
}

function hasReserved(choice: object): boolean {
  return Object.keys(choice).some(isReserved)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
