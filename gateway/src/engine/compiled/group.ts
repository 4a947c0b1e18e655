import type { Keep, Member, Registering } from './emitter.ts'
import type { Group, GroupPart, PartReuse } from './generated.ts'
import { define, type Generating, nameOf, partFunction } from './generating.ts'
import type { Item, PlaceItems } from './items.ts'
import type { Attachment, Part, Place, RepresentationField, SourceField } from './place.ts'
import type { Store } from './reuse.ts'

export interface GroupCode {
  readonly items: PlaceItems
  /** For each part, the fields that are needed to ask for others. */
  readonly keeps: readonly Keep[]
  readonly whole: string | undefined
}

/** For each part of a place the fields whose values are needed to ask for other parts, and where it is kept. */
export function keepsOf({ parts }: Place): readonly Map<SourceField, string>[] {
  const keeps = parts.map(() => new Map<SourceField, string>())
  let more = 0
  for (const one of parts.flatMap(({ entity }) => entity?.representation ?? [])) {
    if (!('field' in one)) continue
    const keep = keeps[one.part]
    if (!keep || keep.has(one.field)) continue
    keep.set(one.field, one.part === 0 ? `k${keep.size}` : `r.c${more++}`)
  }
  return keeps
}

/** The number of the group that a place's objects belong to. */
export function groupOf(generating: Generating, place: Place, code: GroupCode): number {
  const { items, keeps, whole } = code
  const parts = place.parts.flatMap((own, part): readonly GroupPart[] =>
    own.entity ? [groupPart(generating, place, { ...code, own, entity: own.entity, part })] : [],
  )
  const [own, ...others] = keeps.map((keep) => keep.size)
  const more = others.reduce((sum, size) => sum + size, 0)
  const group: Group = { keys: own ?? 0, more, fragments: items.fragments.length, whole, parts }
  const key = JSON.stringify([group, generating.emitter.form(items)])
  if (!generating.groups.has(key)) generating.groups.set(key, group)
  return [...generating.groups.keys()].indexOf(key)
}

interface GroupPartCode extends GroupCode {
  readonly own: Part
  readonly entity: Attachment
  readonly part: number
}

function groupPart(generating: Generating, place: Place, code: GroupPartCode): GroupPart {
  const { own, entity, part, items, keeps } = code
  const { emitter, reuse } = generating
  const mine: PartItems = { items: items.parts[part] ?? [], keep: keeps[part] ?? new Map() }
  const register = reuse
    .filledBy(own)
    .map(({ store, source }): Registering => ({ store, source, key: keyCode(store, entity, keeps) }))
  const none = { name: `none_${nameOf(place)}`, parameters: 'r', body: emitter.none(items, part) }
  return {
    batch: entity.batch,
    ...emitter.representation(entity.representation.map((one) => memberOf(one, keeps))),
    take: partFunction(generating, place, { own, ...mine, register }),
    none: define(generating, none),
    reuse: reuseOf(generating, place, { ...code, mine }),
  }
}

interface PartItems {
  readonly items: readonly Item[]
  readonly keep: Keep
}

function reuseOf(
  generating: Generating,
  place: Place,
  { own, entity, keeps, mine }: GroupPartCode & { readonly mine: PartItems },
): PartReuse | undefined {
  const { emitter, reuse } = generating
  const store = reuse.storeOf(own)
  if (!store) return undefined
  const takeFrom = (told: Part): string =>
    partFunction(generating, place, { own: told, ...translated(mine, told), known: store })
  return {
    store: store.index,
    key: emitter.name(keyCode(store, entity, keeps)),
    take: emitter.takeKnown(store, takeFrom, own),
  }
}

/** The same fields as another part tells them. */
function translated({ items, keep }: PartItems, own: Part): PartItems {
  const theirs = (field: SourceField): SourceField =>
    own.fields.find(({ signature }) => signature === field.signature) ?? field
  return {
    items: items.map((item) => (item.kind === 'field' ? { ...item, field: theirs(item.field) } : item)),
    keep: new Map([...keep].map(([field, name]) => [theirs(field), name])),
  }
}

/** Expressions for the values that name an entity in a store. */
function keyCode(store: Store, { representation }: Attachment, keeps: readonly Keep[]): readonly string[] {
  return store.keys.map((key) => {
    const one = representation.find(({ name }) => name === key)
    return one && 'field' in one ? refCode(one, keeps) : "''"
  })
}

function refCode(one: Extract<RepresentationField, { part: number }>, keeps: readonly Keep[]): string {
  const name = keeps[one.part]?.get(one.field) ?? "''"
  return one.part > 0 ? name : `r.${name}`
}

function memberOf(one: RepresentationField, keeps: readonly Keep[]): Member {
  const { name } = one
  return 'json' in one ? one : { name, value: refCode(one, keeps), isLater: one.part > 0 }
}
