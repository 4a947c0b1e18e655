import type { Json, JsonObject } from '../json.ts'
import type { Branch, FieldRule, Scalar, Test } from './branch.ts'

type Seen = Json | undefined
type Check = (value: Seen, depth: number) => boolean

/** Arrays inside arrays deeper than this are not looked into: a publisher must not exhaust our stack. */
const MAX_NESTED_ARRAYS = 64

/** One branch as a function over an event object. */
export function matchBranch(branch: Branch): (event: JsonObject) => boolean {
  const check = checkBranch(branch)
  return (event) => check(event, 0)
}

/**
 * Where a branch meets an array of objects, one element must satisfy all of it: a first name of one person and
 * the last name of another are not a match. A branch that only forbids must hold for every element.
 */
function checkBranch(branch: Branch): Check {
  const fields = [...branch].map(([field, rule]) => ({ field, check: checkField(rule) }))
  const wantsSomething = needsValue(branch)
  const check: Check = (value, depth) => {
    if (isArray(value)) return depth < MAX_NESTED_ARRAYS ? inArray(value, depth + 1) : !wantsSomething
    return isObject(value) ? inObject(value) : !wantsSomething
  }
  function inArray(elements: readonly Json[], depth: number): boolean {
    const inside = (element: Json): boolean => check(element, depth)
    return wantsSomething ? elements.some(inside) : elements.every(inside)
  }
  function inObject(object: JsonObject): boolean {
    for (const { field, check: holds } of fields) if (!holds(object[field], 0)) return false
    return true
  }
  return check
}

function checkField(rule: FieldRule): Check {
  const checks: Check[] = rule.tests.map((test) => (value, depth) => someValue(value, test, depth))
  if (rule.absent) checks.push((value, depth) => !someValue(value, anyValue, depth))
  if (rule.children) checks.push(checkBranch(rule.children))
  const [only] = checks
  if (only && checks.length === 1) return only
  return (value, depth) => checks.every((check) => check(value, depth))
}

/** Value arrays match by intersection; objects are not leaves, and an empty array has no value. */
function someValue(value: Seen, test: Test, depth: number): boolean {
  if (isScalar(value)) return test(value)
  if (!isArray(value) || depth >= MAX_NESTED_ARRAYS) return false
  for (const element of value) if (someValue(element, test, depth + 1)) return true
  return false
}

const anyValue: Test = () => true

function needsValue(branch: Branch): boolean {
  for (const rule of branch.values()) {
    if (rule.tests.length > 0 || (rule.children && needsValue(rule.children))) return true
  }
  return false
}

function isScalar(value: Seen): value is Scalar {
  return value === null || (typeof value !== 'object' && value !== undefined)
}

function isObject(value: Seen): value is JsonObject {
  return typeof value === 'object' && value !== null
}

function isArray(value: Seen): value is readonly Json[] {
  return Array.isArray(value)
}
