import type { ApolloServer, GraphQLResponse } from '@apollo/server'
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql'
import { createDocumentCache } from './document-cache.ts'
import { Fault } from './fault.ts'
import type { Log } from './log.ts'
import { type Random, systemRandom } from './random.ts'
import type { RequestContext, ResolverContext, Subgraph, SubgraphResponse } from './subgraph.ts'
import { type ErrorParts, showError } from './subgraph-errors.ts'
import type { ListenOptions, SubgraphListener } from './subgraph-listener.ts'
import { buildSchema, type ResolverMap } from './subgraph-schema.ts'
import { createSubscriber } from './subgraph-subscriptions.ts'

export interface SubgraphOptions<Loaders> {
  readonly name: string
  /** From `readTypeDefs` of `@stoa/schema/sdl`: the shared types and the subgraph's own. */
  readonly typeDefs: string
  readonly resolvers: ResolverMap<Loaders>
  /** Called once per request, so that nothing is remembered from one caller to the next. */
  readonly loaders: (request: RequestContext) => Loaders
  readonly log: Log
  /** For the ids by which a hidden error is found in the log. */
  readonly random?: Random
  /** Stops what the subgraph started. */
  readonly close?: () => Promise<void>
}

/**
 * A subgraph that answers in this process. Throws BAD_SCHEMA with file and line when its SDL does not stand,
 * or when a resolver has no place in it.
 */
export async function createSubgraph<Loaders>(options: SubgraphOptions<Loaders>): Promise<Subgraph> {
  const { name, typeDefs, loaders, log, random = systemRandom } = options
  const schema = buildSchema(options)
  const server = await startServer(options, schema)
  return {
    ...(schema.getSubscriptionType() && { subscribe: createSubscriber(schema, { ...options, random }) }),
    name,
    sdl: typeDefs,
    async execute({ query, operationName, variables, context }) {
      const contextValue = { request: context, loaders: loaders(context) }
      const request = { query, ...(operationName && { operationName }), ...(variables && { variables }) }
      const response = await server.executeOperation(request, { contextValue })
      return readResponse(response, context.correlationId, { log, random })
    },
    async [Symbol.asyncDispose]() {
      await server.stop()
      await options.close?.()
    },
  }
}

/** Serves a subgraph to the gateway over HTTP. Loaded on demand: a shop in one process needs none of it. */
export async function listenSubgraph(subgraph: Subgraph, options: ListenOptions): Promise<SubgraphListener> {
  const listener = await import('./subgraph-listener.ts')
  return await listener.listenSubgraph(subgraph, options)
}

type Server<Loaders> = ApolloServer<ResolverContext<Loaders>>

async function startServer<Loaders>(
  options: SubgraphOptions<Loaders>,
  schema: GraphQLSchema,
): Promise<Server<Loaders>> {
  const { ApolloServer } = await import('@apollo/server')
  const disabled = await import('@apollo/server/plugin/disabled')
  const server = new ApolloServer<ResolverContext<Loaders>>({
    schema,
    introspection: true,
    nodeEnv: 'production',
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // The gateway is the only caller: cross-site requests and persisted queries end there.
    csrfPrevention: false,
    persistedQueries: false,
    documentStore: createDocumentCache(),
    // Handed on as it is: what may be shown is decided where the request is known. The cast, because the
    // types disagree on whether an absent path is left out or undefined.
    formatError: (formatted, error) =>
      error instanceof GraphQLError ? (error as GraphQLFormattedError) : formatted,
    logger: apolloLog(options.log),
    plugins: [
      // Left on, it wraps every resolver of every request.
      disabled.ApolloServerPluginCacheControlDisabled(),
      disabled.ApolloServerPluginInlineTraceDisabled(),
      disabled.ApolloServerPluginLandingPageDisabled(),
      disabled.ApolloServerPluginSchemaReportingDisabled(),
      disabled.ApolloServerPluginUsageReportingDisabled(),
    ],
  })
  await server.start()
  return server
}

function readResponse({ body }: GraphQLResponse, correlationId: string, parts: ErrorParts): SubgraphResponse {
  if (body.kind !== 'single') {
    throw new Fault('BAD_REQUEST', 'A subgraph answers in one piece: send it no @defer and no @stream.')
  }
  const { data, errors } = body.singleResult
  const shown = errors?.map((error) => showError(asGraphQLError(error), correlationId, parts))
  return { ...(data !== undefined && { data }), ...(shown && { errors: shown }) }
}

function asGraphQLError(error: GraphQLFormattedError): GraphQLError {
  return error instanceof GraphQLError ? error : new GraphQLError(error.message, error)
}

function apolloLog(log: Log): NonNullable<ConstructorParameters<typeof ApolloServer>[0]['logger']> {
  const say = (level: 'debug' | 'info' | 'warn' | 'error') => (message?: unknown) =>
    log[level]({}, String(message))
  return { debug: say('debug'), info: say('debug'), warn: say('warn'), error: say('error') }
}
