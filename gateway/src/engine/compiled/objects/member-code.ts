import type { PlaceItems, ShownField } from '../items.ts'
import type { SourceField } from '../place.ts'

/** What every object has without being given it. */
const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype))

/** A member of a foreign object, and of nothing it inherits from. */
export function readCode(object: string, key: string): string {
  return INHERITED.has(key) ? `ownMember(${object}, ${JSON.stringify(key)})` : `${object}.${key}`
}

/** A member of a literal. Written otherwise, `__proto__` would not be one. */
export function memberCode(key: string, value: string): string {
  return `${key === '__proto__' ? '["__proto__"]' : key}: ${value}`
}

/** An object as the client sees it; what other parts bring is still to come. */
export function literalCode(
  items: PlaceItems,
  value: (field: SourceField, shown: ShownField) => string,
): string {
  const members = shownIn(items).map((one) => {
    if ('json' in one) return memberCode(one.key, one.json)
    return memberCode(one.shown.key, one.isOwn ? value(one.field, one.shown) : 'undefined')
  })
  return `{ ${members.join(', ')} }`
}

type ShownMember =
  | { readonly key: string; readonly json: string }
  | { readonly field: SourceField; readonly shown: ShownField; readonly isOwn: boolean }

/** Everything an object has in the end, in the client's order. */
export function shownIn(items: PlaceItems): readonly ShownMember[] {
  return items.whole.flatMap((item): readonly ShownMember[] => {
    if (item.kind === 'text') return [item]
    if (item.kind === 'field') return [{ ...item, isOwn: true }]
    return item.kind === 'hole' ? fieldsOf(items, item.fragment) : []
  })
}

/** What stands where a fragment of another part belongs. */
function fieldsOf({ parts, fragments }: PlaceItems, fragment: number): readonly ShownMember[] {
  const items = parts[fragments[fragment]?.part ?? -1] ?? []
  const end = items.findIndex((item) => item.kind === 'end' && item.fragment === fragment)
  const start = items.findLastIndex((item, i) => i < end && item.kind === 'end') + 1
  return items.slice(start, end).flatMap((item) => (item.kind === 'field' ? [{ ...item, isOwn: false }] : []))
}

/** Puts values into every object of the entity `r`, which have these keys already. */
export function assignCode(members: readonly (readonly [key: string, value: string])[]): string {
  if (members.length === 0) return ''
  return [
    'for (let i = 0; i < r.o.length; i += 1) {',
    'const o = r.o[i];',
    ...members.map(([key, value]) => `o.${key} = ${value};`),
    '}',
  ].join('\n')
}
