/** What stands at a leaf of an event: arrays of these match when one element does. */
export type Scalar = string | number | boolean | null

export type Test = (value: Scalar) => boolean

/** One way a pattern can be true, without any `or` left: every field of it must hold. */
export type Branch = ReadonlyMap<string, FieldRule>

export interface FieldRule {
  /** Each must be true for one of the field's values. */
  readonly tests: readonly Test[]
  /** The field must have no value at all. */
  readonly absent: boolean
  /** What must hold further down. */
  readonly children?: Branch
}

export function leafRule(test: Test): FieldRule {
  return { tests: [test], absent: false }
}

export const absentRule: FieldRule = { tests: [], absent: true }

/** Both must hold, inside the same element where they go through the same array. */
export function mergeBranches(one: Branch, other: Branch): Branch {
  const merged = new Map(one)
  for (const [field, rule] of other) {
    const known = merged.get(field)
    merged.set(field, known ? mergeRules(known, rule) : rule)
  }
  return merged
}

function mergeRules(one: FieldRule, other: FieldRule): FieldRule {
  const rule = { tests: [...one.tests, ...other.tests], absent: one.absent || other.absent }
  const children =
    one.children && other.children
      ? mergeBranches(one.children, other.children)
      : (one.children ?? other.children)
  return children ? { ...rule, children } : rule
}
