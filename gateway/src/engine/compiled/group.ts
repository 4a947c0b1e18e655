import type { Group, GroupPart, PartReuse, WholePiece } from './generated.ts'
import { define, type Generating, nameOf, partFunction } from './generating.ts'
import type { Fragment, Item, PlaceItems } from './items.ts'
import type { Attachment, Part, Place, RepresentationField, SourceField } from './place.ts'
import type { Store } from './reuse.ts'

type Keep = ReadonlyMap<SourceField, string>

export interface GroupCode {
  readonly items: PlaceItems
  /** For each part, the fields that are needed to ask for others. */
  readonly keeps: readonly Keep[]
  readonly whole: readonly WholePiece[] | undefined
}

/** For each part of a place the fields whose text is needed to ask for other parts, and where it is kept. */
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
  const key = JSON.stringify(group)
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
  const mine: PartItems = { items: items.parts[part] ?? [], keep: keeps[part] ?? new Map() }
  const register = generating.reuse
    .filledBy(own)
    .map(({ store, source }) => registerCode(store, source, keyCode(store, entity, keeps)))
  const none = { name: `none_${nameOf(place)}`, parameters: 'r', body: noneCode(items.fragments, part) }
  return {
    batch: entity.batch,
    representation: representationCode(entity.representation, keeps),
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
  const store = generating.reuse.storeOf(own)
  if (!store) return undefined
  const take = store.sources.map((source) =>
    source.own.fetch < own.fetch
      ? partFunction(generating, place, { own: source.own, ...translated(mine, source.own), isKnown: true })
      : null,
  )
  return { store: store.index, key: keyCode(store, entity, keeps).join(" + ',' + "), take }
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

export function registerCode(store: Store, source: number, key: readonly string[]): string {
  return `remember(${store.index}, ${key.join(" + ',' + ") || "''"}, start, ${source});`
}

function refCode(one: Extract<RepresentationField, { part: number }>, keeps: readonly Keep[]): string {
  const name = keeps[one.part]?.get(one.field) ?? "''"
  return one.part > 0 ? name : `r.${name}`
}

function representationCode(representation: readonly RepresentationField[], keeps: readonly Keep[]): string {
  const missing = representation.flatMap((one) =>
    'field' in one && one.part > 0 ? [`${refCode(one, keeps)} === undefined`] : [],
  )
  const members = representation.map((one) => {
    const key = `${JSON.stringify(one.name)}:`
    return 'json' in one ? JSON.stringify(key + one.json) : `${JSON.stringify(key)} + ${refCode(one, keeps)}`
  })
  const text = `'{' + ${members.join(" + ',' + ")} + '}'`
  return missing.length === 0 ? text : `${missing.join(' || ')} ? undefined : ${text}`
}

function noneCode(fragments: readonly Fragment[], part: number): string {
  const own = fragments.flatMap((fragment, i) =>
    fragment.part === part ? [[i, fragment.whenNull] as const] : [],
  )
  if (own.some(([, text]) => text === undefined)) return 'throw DEVIATION;'
  return own.map(([i, text]) => `r.f[${i}] = ${JSON.stringify(text)};`).join('\n')
}

/** Pieces of an object that has nothing but what names the entity and what other parts bring; undefined for others. */
export function wholeOf(items: PlaceItems, keep: Keep): readonly WholePiece[] | undefined {
  const pieces: WholePiece[] = ['{']
  for (const [i, item] of items.whole.entries()) {
    if (i > 0) pieces.push(',')
    if (item.kind === 'text') pieces.push(item.text)
    if (item.kind === 'hole') pieces.push(item.fragment)
    if (item.kind !== 'field') continue
    const key = keep.get(item.field)
    if (key === undefined || item.field.places) return undefined
    pieces.push(`${JSON.stringify(item.shown.key)}:`, { key })
  }
  return [...pieces, '}']
}
