import { buildSubgraphSchema, type GraphQLResolverMap } from '@apollo/subgraph'
import {
  GraphQLError,
  type GraphQLResolveInfo,
  type GraphQLScalarType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  isScalarType,
  parse,
} from 'graphql'
import { validateSDL } from 'graphql/validation/validate.js'
import { Fault } from './fault.ts'
import { sharedResolvers } from './shared-resolvers.ts'
import type { ResolverContext } from './subgraph.ts'

/** By type, then by field. Annotate parent and arguments where you write a resolver; the context is known. */
export type ResolverMap<Loaders> = Readonly<Record<string, GraphQLScalarType | TypeResolvers<Loaders>>>

/** `__resolveReference` and `__resolveType` fit too: they get the context as their second parameter. */
type TypeResolvers<Loaders> = Readonly<Record<string, Resolver<Loaders> | EventSource<Loaders>>>

/** A field of `Subscription`: an async iterable of events, and what the field is for each; by default, its own name in it. */
interface EventSource<Loaders> {
  readonly subscribe: Resolver<Loaders>
  readonly resolve?: Resolver<Loaders>
}

type Resolver<Loaders> = (
  parent: never,
  args: never,
  context: ResolverContext<Loaders>,
  info: GraphQLResolveInfo,
) => unknown

interface SchemaParts<Loaders> {
  readonly name: string
  readonly typeDefs: string
  readonly resolvers: ResolverMap<Loaders>
}

/** An executable schema, or BAD_SCHEMA saying where it does not stand. */
export function buildSchema<Loaders>({ name, typeDefs, resolvers }: SchemaParts<Loaders>): GraphQLSchema {
  try {
    // The library types resolvers as functions of `any`; ours are the same functions, typed.
    const map = { ...sharedResolvers, ...resolvers } as GraphQLResolverMap<ResolverContext<Loaders>>
    const schema = buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers: map }])
    checkPlaces(schema, resolvers)
    return schema
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause
    const problems = problemsOf(cause, typeDefs).map((error) => `${error.message}${place(error, typeDefs)}`)
    throw new Fault('BAD_SCHEMA', `Subgraph ${name}: ${problems.join('\n')}`, { cause })
  }
}

/** The library passes over a resolver that fits nowhere; with us a misspelt one is an error. */
function checkPlaces<Loaders>(schema: GraphQLSchema, resolvers: ResolverMap<Loaders>): void {
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = schema.getType(typeName)
    if (!type)
      throw new GraphQLError(`there are resolvers for "${typeName}", which the schema does not declare.`)
    if (isScalarType(type)) continue
    const known = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {}
    const lost = Object.keys(fields).find((field) => !field.startsWith('__') && !(field in known))
    if (lost)
      throw new GraphQLError(
        `there is a resolver for "${typeName}.${lost}", which the schema does not declare.`,
      )
  }
}

/** The library joins what it finds into one message without places; validating again says where each of them is. */
function problemsOf(error: Error, typeDefs: string): readonly Error[] {
  if (error instanceof GraphQLError) return [error]
  const placed = validateSDL(parse(typeDefs)).filter(({ message }) => error.message.includes(message))
  return placed.length > 0 ? placed : [error]
}

/** ` (subgraphs/orders/schema.graphql:12)`: `readTypeDefs` leaves a comment where each file begins. */
function place(error: Error, typeDefs: string): string {
  const line = error instanceof GraphQLError ? error.locations?.[0]?.line : undefined
  if (line === undefined) return ''
  const before = typeDefs.split('\n').slice(0, line)
  const start = before.findLastIndex((text) => text.startsWith('# file: '))
  return start < 0 ? ` (line ${line})` : ` (${before[start]?.slice('# file: '.length)}:${line - start - 1})`
}
