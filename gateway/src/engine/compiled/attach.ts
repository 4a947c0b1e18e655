import type { EntityBatch, PathSegment, Requirement, Rewrite } from '../../planner/plan.ts'
import type { PossibleTypes } from '../../planner/possible-types.ts'
import { NotCompiled } from './deviation.ts'
import type { Place, RepresentationField, SourceField } from './place.ts'

/** Every place a path of the plan leads to. Lists have no places of their own. */
export function placesAt(root: Place, path: readonly PathSegment[], types: PossibleTypes): readonly Place[] {
  let here: readonly Place[] = [root]
  for (const segment of path) {
    if (segment.kind === 'types')
      here = here.filter(({ type }) => segment.names.some((name) => types.satisfies(type, name)))
    if (segment.kind === 'field')
      here = here.flatMap((place) => [...(findField(place, segment.name)?.field.places?.values() ?? [])])
  }
  return here
}

/** The part of a place that has a field, the earliest of several; with `before`, of those sub-requests alone. */
export function findField(
  { parts }: Place,
  name: string,
  before?: ReadonlySet<number>,
): { readonly part: number; readonly field: SourceField } | undefined {
  for (const [part, { fetch, fields }] of parts.entries()) {
    const field = fields.find((candidate) => candidate.name === name)
    if (field && before?.has(fetch) !== false) return { part, field }
  }
  return undefined
}

/**
 * What a representation of the place's objects is made of; undefined when the batch is not for their type. Only what is
 * there when it is asked for counts: another sub-request beside this one may tell the same field, sooner or later.
 */
export function representationOf(
  place: Place,
  batch: EntityBatch,
  { types, before }: { readonly types: PossibleTypes; readonly before: ReadonlySet<number> },
): readonly RepresentationField[] | undefined {
  const required = flatten(batch.requires, place.type, types)
  if (!required.some(({ name }) => name === '__typename')) return undefined
  const typename = renamedType(batch.inputRewrites, place.type, types)
  return required.map(({ name, from, inner }): RepresentationField => {
    if (name === '__typename') return { name, json: JSON.stringify(typename) }
    const found = findField(place, from, before)
    if (!found) throw new NotCompiled(`${place.type}.${from} is needed and comes from nowhere`)
    if (!isVerbatim(found.field, inner)) throw new NotCompiled(`part of ${place.type}.${from} is needed`)
    return { name, ...found }
  })
}

type RequiredField = Extract<Requirement, { kind: 'field' }>

function flatten(
  requires: readonly Requirement[],
  type: string,
  types: PossibleTypes,
): readonly RequiredField[] {
  const byName = new Map<string, RequiredField>()
  for (const requirement of requires.flatMap((one) =>
    one.kind === 'field' ? one : onType(one, type, types),
  )) {
    const known = byName.get(requirement.name)
    if (known && (known.inner || requirement.inner)) throw new NotCompiled('parts of one field are needed')
    byName.set(requirement.name, requirement)
  }
  return [...byName.values()]
}

function onType(
  one: Extract<Requirement, { kind: 'on' }>,
  type: string,
  types: PossibleTypes,
): readonly RequiredField[] {
  if (one.skipIf !== undefined || one.includeIf !== undefined)
    throw new NotCompiled('what is needed depends on variables')
  return types.satisfies(type, one.type) ? flatten(one.inner, type, types) : []
}

/** Entities may go by the name of an interface in the subgraph that is asked. */
function renamedType(rewrites: readonly Rewrite[], type: string, types: PossibleTypes): string {
  let name = type
  for (const { kind, path, ...rewrite } of rewrites) {
    const [first, last] = path
    const isTypename =
      kind === 'set' && path.length === 2 && last?.kind === 'key' && last.name === '__typename'
    if (!isTypename || first?.kind !== 'types' || !('value' in rewrite))
      throw new NotCompiled('the plan changes representations')
    if (first.names.some((condition) => types.satisfies(type, condition))) name = rewrite.value
  }
  return name
}

/** Whether the text of a field can be sent as it came: nothing more and nothing less than what is needed of it. */
function isVerbatim({ places }: SourceField, inner: readonly Requirement[] | undefined): boolean {
  if (!places || !inner) return !places && !inner
  const [place, ...others] = places.values()
  const [own, ...more] = place?.parts ?? []
  if (!own || others.length > 0 || more.length > 0 || own.fields.length !== inner.length) return false
  return inner.every((needed) => {
    if (needed.kind !== 'field' || needed.name !== needed.from) return false
    const field = own.fields.find(({ key, name }) => key === needed.name && name === key)
    return field !== undefined && isVerbatim(field, needed.inner)
  })
}
