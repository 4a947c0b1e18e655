import type { PartOfGraph } from '../fixture.ts'
import { type Data, partsOf, type Source } from './data.ts'
import type { FieldModel, Given, Model, Reference, TypeModel } from './model.ts'
import { subgraphSdl } from './sdl.ts'

type Resolvers = NonNullable<PartOfGraph['resolvers']>

/** The subgraphs of a model. `calls` is told of each mutation, in the order in which they are carried out. */
export function partsOfGraph(
  model: Model,
  data: Data,
  calls: string[],
): Readonly<Record<string, PartOfGraph>> {
  const parts = model.subgraphs.map((subgraph): readonly [string, PartOfGraph] => {
    const resolvers = [...model.types.values()].flatMap((type) => {
      const own = typeResolvers(type, subgraph, { data, calls })
      return Object.keys(own).length > 0 ? [[type.name, own] as const] : []
    })
    return [subgraph, { sdl: subgraphSdl(model, subgraph), resolvers: Object.fromEntries(resolvers) }]
  })
  return Object.fromEntries(parts)
}

interface Answering {
  readonly data: Data
  readonly calls: string[]
}

function typeResolvers(type: TypeModel, subgraph: string, answering: Answering): Resolvers[string] {
  const head = type.heads.get(subgraph)
  if (type.kind === 'value' || head === undefined) return {}
  // An interface has no resolvers but the one that finds its objects.
  const fields = head.startsWith('interface') ? [] : type.fields.filter((field) => field.in.has(subgraph))
  const resolvers = fields.map((field) => [field.name, resolverOf(type, field, answering)] as const)
  return {
    ...Object.fromEntries(resolvers),
    ...(head.includes('@key') && { __resolveReference: (reference: Reference) => find(type, reference) }),
  }
}

function resolverOf({ name }: TypeModel, field: FieldModel, { data, calls }: Answering) {
  return (source: Source | undefined, given: Given): unknown => {
    if (name === 'Mutation') calls.push(callOf(field, given))
    const from = source ?? {}
    const needed = field.needs.map((need) => partsOf(need, from[need.name]))
    return data.resolve(field, from, { given, needed })
  }
}

export function callOf({ name }: FieldModel, given: Given): string {
  return `${name} ${JSON.stringify(given)}`
}

/** What is required of other subgraphs comes with the reference and stays with the entity. */
function find({ members, identify }: TypeModel, reference: Reference): Source | null {
  const id = identify ? identify(reference) : reference['id']
  if (typeof id !== 'string') return null
  const typename = members[Number(id) % members.length]
  return { ...reference, id, ...(typename !== undefined && { __typename: typename }) }
}
