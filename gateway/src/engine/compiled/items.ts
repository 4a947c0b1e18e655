import { type GraphQLOutputType, type GraphQLSchema, isNonNullType, isObjectType } from 'graphql'
import type { FieldGroup } from '../collect-fields.ts'
import { findField } from './attach.ts'
import { NotCompiled } from './deviation.ts'
import type { Place, SourceField } from './place.ts'

/** What is written for one object, in the order of the answer. */
export type Item =
  /** Known beforehand: JSON. */
  | { readonly kind: 'text'; readonly key: string; readonly json: string }
  /** A field of the part at hand. */
  | { readonly kind: 'field'; readonly field: SourceField; readonly shown: ShownField }
  /** Here comes a fragment that another part writes. */
  | { readonly kind: 'hole'; readonly fragment: number }
  /** What was written so far is this fragment. */
  | { readonly kind: 'end'; readonly fragment: number }

/** A field as the client asked for it. */
export interface ShownField {
  readonly key: string
  readonly type: GraphQLOutputType
  readonly group: FieldGroup
}

export interface PlaceItems {
  /** For the object itself. */
  readonly whole: readonly Item[]
  /** For each part that writes fragments. */
  readonly parts: readonly (readonly Item[])[]
  readonly fragments: readonly Fragment[]
}

export interface Fragment {
  readonly part: number
  /** What it is when the entity was not found; undefined when something in it must not be null. */
  whenNull: string | undefined
}

/** Decides who writes what at a place. With `firstFragment` 0 every part writes fragments, as at the root. */
export function placeItems(
  place: Place,
  groups: readonly FieldGroup[],
  schema: GraphQLSchema,
  firstFragment: 0 | 1,
): PlaceItems {
  const parts: Item[][] = place.parts.map(() => [])
  const whole: Item[] = []
  const fragments: Fragment[] = []
  let current = -1
  const end = (): void => {
    if (current >= 0) parts[current]?.push({ kind: 'end', fragment: fragments.length - 1 })
    current = -1
  }
  for (const group of groups) {
    const chosen = choose(place, group, schema)
    if ('json' in chosen || chosen.part < firstFragment) {
      end()
      whole.push('json' in chosen ? chosen : chosen.item)
      continue
    }
    if (chosen.part !== current) {
      end()
      current = chosen.part
      whole.push({ kind: 'hole', fragment: fragments.push({ part: current, whenNull: '' }) - 1 })
    }
    parts[current]?.push(chosen.item)
    addNull(fragments.at(-1), chosen.item.shown)
  }
  end()
  return { whole, parts, fragments }
}

type Chosen =
  | Extract<Item, { kind: 'text' }>
  | { readonly part: number; readonly item: Extract<Item, { kind: 'field' }> }

function choose(place: Place, group: FieldGroup, schema: GraphQLSchema): Chosen {
  const { key, shownKey, name } = group
  if (name === '__typename') return { kind: 'text', key: shownKey, json: JSON.stringify(place.type) }
  const type = schema.getType(place.type)
  const declared = isObjectType(type) ? type.getFields()[name] : undefined
  if (!declared) throw new NotCompiled(`${place.type}.${name} is not a field of a subgraph`)
  const found = findField(place, key)
  if (!found) throw new NotCompiled(`${place.type}.${key} comes from nowhere`)
  refuseSecondSource(place, found.part, found.field)
  return {
    part: found.part,
    item: { kind: 'field', field: found.field, shown: { key: shownKey, type: declared.type, group } },
  }
}

/** Two sub-requests that tell different things of one object without a key would have to be merged. */
function refuseSecondSource(place: Place, part: number, { name, places }: SourceField): void {
  if (!places) return
  const other = place.parts.slice(part + 1).some(({ fields }) => fields.some((field) => field.name === name))
  if (other) throw new NotCompiled(`${place.type}.${name} comes from two sub-requests`)
}

function addNull(fragment: Fragment | undefined, { key, type }: ShownField): void {
  if (fragment?.whenNull === undefined) return
  const comma = fragment.whenNull === '' ? '' : ','
  fragment.whenNull = isNonNullType(type)
    ? undefined
    : `${fragment.whenNull}${comma}${JSON.stringify(key)}:null`
}
