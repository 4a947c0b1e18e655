import type { PlaceItems } from '../items.ts'
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
export function literalCode(items: PlaceItems, value: (field: SourceField) => string): string {
  const members = items.whole.flatMap((item) => {
    if (item.kind === 'text') return memberCode(item.key, item.json)
    if (item.kind === 'field') return memberCode(item.shown.key, value(item.field))
    return item.kind === 'hole' ? keysOf(items, item.fragment).map((key) => memberCode(key, 'undefined')) : []
  })
  return `{ ${members.join(', ')} }`
}

/** What stands where a fragment of another part belongs. */
function keysOf({ parts, fragments }: PlaceItems, fragment: number): readonly string[] {
  const items = parts[fragments[fragment]?.part ?? -1] ?? []
  const end = items.findIndex((item) => item.kind === 'end' && item.fragment === fragment)
  const start = items.findLastIndex((item, i) => i < end && item.kind === 'end') + 1
  return items.slice(start, end).flatMap((item) => (item.kind === 'field' ? [item.shown.key] : []))
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
