import type { FieldGroup } from '../engine/collect-fields.ts'
import type { OperationInParts, Part } from './read-parts.ts'

/** Which fields come with which part of one answer. */
export interface FieldParts {
  /** Parts that come with the one they stand in instead, because there would be too many pieces. */
  readonly joined: Set<Part>
  /** The part itself, or the one that it has joined. */
  standsFor(part: Part): Part
  /** Parts that stand right in this one. */
  within(part: Part): readonly Part[]
  /** A part, all around it, and all that has joined it. */
  maskOf(part: Part): bigint
  has(part: Part, group: FieldGroup): boolean
  /** Of some fields those that come with a part, and so on below. */
  only(groups: readonly FieldGroup[], part: Part): readonly FieldGroup[]
  /** What `only` has chosen from. */
  all(chosen: readonly FieldGroup[]): readonly FieldGroup[]
}

export function createFieldParts({ parts, partOf }: OperationInParts): FieldParts {
  const joined = new Set<Part>()
  const chosenFrom = new WeakMap<readonly FieldGroup[], readonly FieldGroup[]>()

  function standsFor(part: Part): Part {
    let outer = part
    while (joined.has(outer) && outer.parent) outer = outer.parent
    return outer
  }

  const has = (part: Part, { nodes }: FieldGroup): boolean =>
    nodes.some((node) => standsFor(partOf(node)) === part)

  function only(groups: readonly FieldGroup[], part: Part): readonly FieldGroup[] {
    const chosen = groups
      .filter((group) => has(part, group))
      .map((group) => ({ ...group, fieldsOf: remember((name) => only(group.fieldsOf(name), part)) }))
    chosenFrom.set(chosen, groups)
    return chosen
  }

  return {
    joined,
    standsFor,
    within: (part) => parts.filter((one) => one.parent && !joined.has(one) && standsFor(one.parent) === part),
    maskOf(part) {
      let mask = 0n
      for (let outer: Part | undefined = part; outer; outer = outer.parent) mask |= outer.bit
      for (const one of joined) if (standsFor(one) === part) mask |= one.bit
      return mask
    },
    has,
    only,
    all: (chosen) => chosenFrom.get(chosen) ?? [],
  }
}

function remember<T>(workOut: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>()
  return (name) => {
    const found = known.get(name)
    if (found !== undefined) return found
    const value = workOut(name)
    known.set(name, value)
    return value
  }
}
