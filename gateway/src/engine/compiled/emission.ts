import type { Item, ShownField } from './items.ts'
import type { SourceField } from './place.ts'

/** What happens to a field of an answer on the way through it. */
export interface FieldPlan {
  readonly field: SourceField
  /** `run`: passed on where it stands; `delay`: kept and written later; `drop`: nobody asked for it. */
  readonly role: 'run' | 'delay' | 'drop'
  readonly shown: ShownField | undefined
  /** Where its text is kept: an assignable expression. */
  readonly keep: string | undefined
  /** Position among the items; -1 when dropped. */
  readonly item: number
}

/**
 * Fields that come in the order in which they are written are passed on as they stand; one that comes before others
 * that must be written first has to wait. Holes need whatever names the entity, so they come after `lastKept`.
 */
export function planEmission(
  fields: readonly SourceField[],
  items: readonly Item[],
  keep: ReadonlyMap<SourceField, string>,
): readonly FieldPlan[] {
  const lastKept = fields.findLastIndex((field) => keep.has(field))
  const roles = new Map<SourceField, { role: 'run' | 'delay'; shown: ShownField; item: number }>()
  let furthest = -1
  for (const [item, one] of items.entries()) {
    if (one.kind === 'hole') furthest = Math.max(furthest, lastKept)
    if (one.kind !== 'field') continue
    const at = fields.indexOf(one.field)
    roles.set(one.field, { role: at > furthest ? 'run' : 'delay', shown: one.shown, item })
    furthest = Math.max(furthest, at)
  }
  return fields.map((field) => ({
    field,
    keep: keep.get(field),
    ...(roles.get(field) ?? { role: 'drop', shown: undefined, item: -1 }),
  }))
}
