import {
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
} from 'graphql'
import type { FieldGroup } from '../collect-fields.ts'
import { NotCompiled } from './deviation.ts'
import type { Emitter, Keep, Registering } from './emitter.ts'
import type { Generated } from './generated.ts'
import { define, type Generating, nameOf, objectCall, partFunction } from './generating.ts'
import { groupOf, keepsOf } from './group.ts'
import { placeItems, type ShownField } from './items.ts'
import type { Place, SourceField } from './place.ts'
import { planReuse } from './reuse.ts'
import type { Shape } from './shape.ts'

export interface OperationFields {
  readonly groups: readonly FieldGroup[]
  readonly isQuery: boolean
}

export function generate(
  shape: Shape,
  { groups, isQuery }: OperationFields,
  { schema, emitter }: { readonly schema: GraphQLSchema; readonly emitter: Emitter },
): Generated {
  const reuse = planReuse(shape, isQuery)
  const constants: string[] = []
  const generating: Generating = {
    ...{ schema, emitter, reuse, functions: new Map(), groups: new Map(), visited: new Set() },
    constant: numbersOf(constants),
    objectFunction: (field, shown) => objectFunction(generating, field, shown),
  }
  const root = placeItems(shape.root, groups, schema, 0)
  const roots = shape.root.parts.map((own, part) =>
    partFunction(generating, shape.root, { own, items: root.parts[part] ?? [], keep: new Map() }),
  )
  const rootCode = emitter.root(root, (field, shown) => objectCall(generating, field, shown))
  for (const { batches } of shape.fetches)
    for (const place of batches.flatMap(({ places }) => places))
      if (!generating.visited.has(place))
        throw new NotCompiled(`${place.path.join('.')} is not in the answer`)
  return {
    functions: [...generating.functions.values()],
    groups: [...generating.groups.values()],
    ...{ roots, root, rootCode },
    stores: reuse.stores.length,
    constants,
  }
}

function numbersOf(constants: string[]): (text: string) => number {
  return (text) => {
    const known = constants.indexOf(text)
    return known < 0 ? constants.push(text) - 1 : known
  }
}

/** The function for an object where it stands in its parent. */
function placeFunction(generating: Generating, place: Place, groups: readonly FieldGroup[]): string {
  generating.visited.add(place)
  const { emitter, constant } = generating
  const items = placeItems(place, groups, generating.schema, 1)
  const keeps = keepsOf(place)
  const [named = new Map<SourceField, string>()] = keeps
  const isEntity = place.parts.length > 1
  const whole = isEntity ? emitter.whole(items, named) : undefined
  const { keep, register } = fillingCode(generating, place, named)
  const group = isEntity ? groupOf(generating, place, { items, keeps, whole }) : undefined
  const code = emitter.object({
    ...{ type: place.type, fields: place.parts[0]?.fields ?? [], items: items.whole, keep, register },
    ...{ place: items, isWhole: whole !== undefined, known: undefined, constant },
    ...{ group, names: [...named.values()] },
    callFor: (field, shown) => objectCall(generating, field, shown),
  })
  return define(generating, { name: nameOf(place), parameters: emitter.given, ...code })
}

/** Remembers where an object stands for those who would ask for what it tells. */
function fillingCode(
  { reuse }: Generating,
  { parts: [own] }: Place,
  named: Keep,
): { readonly keep: Keep; readonly register: readonly Registering[] } {
  const keep = new Map(named)
  const register = (own ? reuse.filledBy(own) : []).map(({ store, source, fields = [] }) => {
    for (const field of fields) if (!keep.has(field)) keep.set(field, `m${keep.size}`)
    return { store, source, key: fields.map((field) => keep.get(field) ?? "''") }
  })
  return { keep, register }
}

function objectFunction(generating: Generating, field: SourceField, shown: ShownField): string {
  const type: GraphQLNamedType = getNamedType(shown.type)
  const places = [...(field.places?.values() ?? [])].filter((place) =>
    isShown(generating.schema, type, place),
  )
  const [first] = places
  if (!first) throw new NotCompiled(`${type.name} has no types`)
  if (isObjectType(type)) return placeFunction(generating, first, shown.group.fieldsOf(first.type))
  return choiceFunction(generating, places, shown)
}

function isShown(schema: GraphQLSchema, type: GraphQLNamedType, place: Place): boolean {
  const concrete = schema.getType(place.type)
  if (!isObjectType(concrete)) return false
  return isAbstractType(type) ? schema.isSubType(type, concrete) : concrete === type
}

function choiceFunction(generating: Generating, places: readonly Place[], shown: ShownField): string {
  const cases = places.map((place) => ({
    place,
    take: placeFunction(generating, place, shown.group.fieldsOf(place.type)),
  }))
  const { emitter } = generating
  const name = `any_${places[0] ? nameOf(places[0]) : ''}`
  return define(generating, { name, parameters: emitter.given, ...emitter.choice(cases) })
}
