import {
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
} from 'graphql'
import type { FieldGroup } from '../collect-fields.ts'
import { NotCompiled } from './deviation.ts'
import { emitObject, emitWhole, type ObjectCode } from './emit-object.ts'
import { type Fragment, type PlaceItems, placeItems, type ShownField } from './items.ts'
import type { Place, RepresentationField, SourceField } from './place.ts'
import type { Shape } from './shape.ts'

/** Generated functions and how they belong together; `link.ts` makes them run. */
export interface Generated {
  readonly functions: readonly GeneratedFunction[]
  /** Kinds of entities: places of one type with the same needs. */
  readonly groups: readonly Group[]
  /** Function for each of the root's parts. */
  readonly roots: readonly string[]
  /** The answer's outermost object, in order: text, or the number of a fragment. */
  readonly answer: readonly (string | number)[]
}

export interface GeneratedFunction {
  readonly name: string
  readonly parameters: string
  readonly body: string
}

export interface Group {
  /** How many texts name an entity. */
  readonly keys: number
  /** How many more become known when other parts arrive. */
  readonly more: number
  readonly fragments: number
  /** A fragment for the whole object, one more than the others: text, fragments by number, and expressions for keys. */
  readonly whole: readonly WholePiece[] | undefined
  readonly parts: readonly GroupPart[]
}

export type WholePiece = string | number | { readonly key: string }

export interface GroupPart {
  readonly batch: number
  /** Expression for the representation of `r`, undefined while something is missing. */
  readonly representation: string
  /** Function that takes the entity. */
  readonly take: string
  /** Function for an entity that was not found. */
  readonly none: string
}

interface Generating {
  readonly schema: GraphQLSchema
  readonly functions: Map<string, GeneratedFunction>
  readonly groups: Map<string, Group>
  readonly visited: Set<Place>
}

export function generate(shape: Shape, groups: readonly FieldGroup[], schema: GraphQLSchema): Generated {
  const generating: Generating = { schema, functions: new Map(), groups: new Map(), visited: new Set() }
  const items = placeItems(shape.root, groups, schema, 0)
  const roots = shape.root.parts.map((_, part) =>
    partFunction(generating, shape.root, { items, part, keep: new Map() }),
  )
  for (const { batches } of shape.fetches)
    for (const place of batches.flatMap(({ places }) => places))
      if (!generating.visited.has(place))
        throw new NotCompiled(`${place.path.join('.')} is not in the answer`)
  const answer = items.whole.flatMap((item): readonly (string | number)[] => {
    if (item.kind === 'text') return [item.text]
    return item.kind === 'hole' ? [item.fragment] : []
  })
  return {
    functions: [...generating.functions.values()],
    groups: [...generating.groups.values()],
    roots,
    answer,
  }
}

interface PartCode {
  readonly items: PlaceItems
  readonly part: number
  readonly keep: ReadonlyMap<SourceField, string>
}

/** The function that takes what one part tells of an object and cuts it into fragments. */
function partFunction(generating: Generating, place: Place, { items, part, keep }: PartCode): string {
  const body = emitObject({
    type: place.type,
    fields: place.parts[part]?.fields ?? [],
    items: items.parts[part] ?? [],
    keep,
    mode: 'fragments',
    entity: undefined,
    functionFor: (field, shown) => objectFunction(generating, field, shown),
  })
  return define(generating, { name: `take_${nameOf(place)}`, parameters: 'p, r', body })
}

/** The function for an object where it stands in its parent. */
function placeFunction(generating: Generating, place: Place, groups: readonly FieldGroup[]): string {
  generating.visited.add(place)
  const items = placeItems(place, groups, generating.schema, 1)
  const keeps = keepsOf(place)
  const [keep = new Map<SourceField, string>()] = keeps
  const whole = place.parts.length > 1 ? wholeOf(items, keep) : undefined
  const code: ObjectCode = {
    type: place.type,
    fields: place.parts[0]?.fields ?? [],
    items: items.whole,
    keep,
    mode: 'inline',
    entity:
      place.parts.length > 1
        ? `const r = g${groupOf(generating, place, { items, keeps, whole })}(${[...keep.values()].join()});`
        : undefined,
    functionFor: (field, shown) => objectFunction(generating, field, shown),
  }
  const body = whole ? emitWhole(code, items.fragments.length) : emitObject(code)
  return define(generating, { name: nameOf(place), parameters: 'p', body })
}

/** Pieces of an object that has nothing but what names the entity and what other parts bring; undefined for others. */
function wholeOf(
  items: PlaceItems,
  keep: ReadonlyMap<SourceField, string>,
): readonly WholePiece[] | undefined {
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

/** For each part the fields whose text is needed to ask for other parts. */
function keepsOf({ parts }: Place): readonly Map<SourceField, string>[] {
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

interface GroupCode {
  readonly items: PlaceItems
  readonly keeps: readonly ReadonlyMap<SourceField, string>[]
  readonly whole: readonly WholePiece[] | undefined
}

function groupOf(generating: Generating, place: Place, { items, keeps, whole }: GroupCode): number {
  const parts = place.parts.flatMap(({ entity }, part): readonly GroupPart[] => {
    if (!entity) return []
    const keep = keeps[part] ?? new Map<SourceField, string>()
    return [
      {
        batch: entity.batch,
        representation: representationCode(entity.representation, keeps),
        take: partFunction(generating, place, { items, part, keep }),
        none: define(generating, {
          name: `none_${nameOf(place)}`,
          parameters: 'r',
          body: noneCode(items.fragments, part),
        }),
      },
    ]
  })
  const [own, ...others] = keeps.map((keep) => keep.size)
  const more = others.reduce((sum, size) => sum + size, 0)
  const group: Group = { keys: own ?? 0, more, fragments: items.fragments.length, whole, parts }
  const key = JSON.stringify(group)
  if (!generating.groups.has(key)) generating.groups.set(key, group)
  return [...generating.groups.keys()].indexOf(key)
}

function representationCode(
  representation: readonly RepresentationField[],
  keeps: readonly ReadonlyMap<SourceField, string>[],
): string {
  const missing: string[] = []
  const members = representation.map((one) => {
    const key = `${JSON.stringify(one.name)}:`
    if ('json' in one) return JSON.stringify(key + one.json)
    const name = keeps[one.part]?.get(one.field) ?? ''
    if (one.part > 0) missing.push(`${name} === undefined`)
    return `${JSON.stringify(key)} + ${one.part > 0 ? name : `r.${name}`}`
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

function objectFunction(generating: Generating, field: SourceField, shown: ShownField): string {
  const type: GraphQLNamedType = getNamedType(shown.type)
  const places = [...(field.places?.values() ?? [])].filter((place) =>
    isShown(generating.schema, type, place),
  )
  const [first] = places
  if (!first) throw new NotCompiled(`${type.name} has no types`)
  if (isObjectType(type)) return placeFunction(generating, first, shown.group.fieldsOf(first.type))
  return switchFunction(generating, places, shown)
}

function isShown(schema: GraphQLSchema, type: GraphQLNamedType, place: Place): boolean {
  const concrete = schema.getType(place.type)
  if (!isObjectType(concrete)) return false
  return isAbstractType(type) ? schema.isSubType(type, concrete) : concrete === type
}

/** Objects that may be of several types begin with the name of theirs. */
function switchFunction(generating: Generating, places: readonly Place[], shown: ShownField): string {
  const cases = places.map((place) => {
    const [first] = place.parts[0]?.fields ?? []
    if (first?.key !== '__typename')
      throw new NotCompiled(`an answer has ${place.path.join('.')} without its type first`)
    const name = placeFunction(generating, place, shown.group.fieldsOf(place.type))
    return `case ${JSON.stringify(place.type)}: return ${name}(p);`
  })
  const body = `switch (typeAt(B, S, p)) {\n${cases.join('\n')}\ndefault: throw DEVIATION;\n}`
  return define(generating, { name: `any_${places[0] ? nameOf(places[0]) : ''}`, parameters: 'p', body })
}

/** Equal code is one function, so that places of one shape share their entities. */
function define({ functions }: Generating, wanted: GeneratedFunction): string {
  const key = `${wanted.parameters}:${wanted.body}`
  const known = functions.get(key)
  if (known) return known.name
  const name = `${wanted.name}_${functions.size}`
  functions.set(key, { ...wanted, name })
  return name
}

/** Response keys are GraphQL names, so they make names of functions. */
function nameOf({ path, type }: Place): string {
  return path.length === 0 ? type : `${path.slice(-3).join('_')}_${type}`
}
