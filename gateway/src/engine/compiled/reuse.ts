import type { Part, Place, SourceField } from './place.ts'
import type { Shape } from './shape.ts'

/**
 * Which entities need not be asked for because the same subgraph has told the same fields of them elsewhere in the
 * answer: users listed at the root are not asked for again as the authors of reviews. Fields with arguments count as
 * the same when these are. Only for queries: between two mutations an entity may change.
 */
export interface Reuse {
  readonly stores: readonly Store[]
  /** The store a part looks into before it asks. */
  storeOf(part: Part): Store | undefined
  /** The stores a part fills, and as which of their sources. */
  filledBy(part: Part): readonly Filling[]
}

/** Entities of one type that one subgraph has told the same fields of. */
export interface Store {
  readonly index: number
  /** Fields that name an entity, in order. */
  readonly keys: readonly string[]
  /** Signatures of the fields wanted of it, sorted. */
  readonly told: readonly string[]
  readonly sources: readonly Source[]
}

export interface Source {
  readonly place: Place
  readonly own: Part
}

export interface Filling {
  readonly store: Store
  readonly source: number
  /** The fields of `keys` in a part that is not an entity; undefined for one, which is named by its representation. */
  readonly fields: readonly SourceField[] | undefined
}

export function planReuse(shape: Shape, isQuery: boolean): Reuse {
  const all = isQuery ? partsBelow(shape.root) : []
  const drafts = new Map<string, Draft>()
  const draftOf = new Map<Part, Draft>()
  for (const source of all) {
    const need = needOf(source)
    if (!need) continue
    const name = JSON.stringify([need.subgraph, need.type, need.keys, need.told])
    const draft = drafts.get(name) ?? { index: drafts.size, ...need, sources: [], lastUse: 0 }
    draft.lastUse = Math.max(draft.lastUse, source.own.fetch)
    drafts.set(name, draft)
    draftOf.set(source.own, draft)
  }
  const fillings = new Map<Part, readonly Filling[]>()
  for (const store of drafts.values())
    for (const source of all) {
      const filling = fillingOf(store, source)
      if (filling) fillings.set(source.own, [...(fillings.get(source.own) ?? []), filling])
    }
  return {
    stores: [...drafts.values()],
    storeOf(part) {
      const store = draftOf.get(part)
      return store && store.sources.length > 0 ? store : undefined
    },
    filledBy: (part) => fillings.get(part) ?? [],
  }
}

interface Draft extends Store, Need {
  readonly sources: Source[]
  /** The last sub-request that may look into it. */
  lastUse: number
}

function partsBelow(place: Place): readonly Source[] {
  return place.parts.flatMap((own) => [
    { place, own },
    ...own.fields.flatMap((field) => [...(field.places?.values() ?? [])].flatMap(partsBelow)),
  ])
}

interface Need {
  readonly subgraph: string
  readonly type: string
  readonly keys: readonly string[]
  readonly told: readonly string[]
}

/** Only plain values are taken from elsewhere: objects would have to have the same shape all the way down. */
function needOf({ place, own }: Source): Need | undefined {
  const { entity, fields, subgraph } = own
  if (!entity || fields.some(({ places }) => places)) return undefined
  const named = entity.representation.filter((one) => 'field' in one)
  if (named.some(({ field }) => field.places)) return undefined
  return {
    subgraph,
    type: place.type,
    keys: named.map(({ name }) => name).sort(),
    told: fields.map(({ signature }) => signature).sort(),
  }
}

/** Adds a part to the sources of a store, if it tells enough and comes before somebody who may look. */
function fillingOf(store: Draft, source: Source): Filling | undefined {
  const { place, own } = source
  const { subgraph, type, keys, told } = store
  if (own.subgraph !== subgraph || place.type !== type || own.fetch >= store.lastUse) return undefined
  const plain = new Map(
    own.fields.flatMap((field) => (field.places ? [] : [[field.signature, field] as const])),
  )
  if (!told.every((signature) => plain.has(signature))) return undefined
  const fields = own.entity ? undefined : keys.flatMap((key) => plain.get(`${key}()`) ?? [])
  const isNamed = fields ? fields.length === keys.length : needOf(source)?.keys.join() === keys.join()
  return isNamed ? { store, source: store.sources.push(source) - 1, fields } : undefined
}
