import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql'
import { toFault } from './fault.ts'
import type { Log } from './log.ts'
import type { Random } from './random.ts'
import type { RequestContext, ResolverContext, SubgraphRequest, SubgraphResponse } from './subgraph.ts'
import { showError } from './subgraph-errors.ts'

interface SubscriberParts<Loaders> {
  readonly loaders: (request: RequestContext) => Loaders
  readonly log: Log
  readonly random: Random
}

type Subscribe = (request: SubgraphRequest, signal: AbortSignal) => Promise<AsyncIterable<SubgraphResponse>>

/** Subscriptions by graphql-js, which the server library leaves out. Each event is answered with loaders of its own. */
export function createSubscriber<Loaders>(schema: GraphQLSchema, parts: SubscriberParts<Loaders>): Subscribe {
  return async (request, signal) => {
    const { context } = request
    const show = (result: ExecutionResult): SubgraphResponse => shown(result, context.correlationId, parts)
    const document = readDocument(schema, request.query)
    if (!('kind' in document)) return only(show(document))
    const contextOf = (): ResolverContext<Loaders> => ({ request: context, loaders: parts.loaders(context) })
    const asked = {
      schema,
      document,
      variableValues: request.variables,
      operationName: request.operationName,
    }
    const source = await createSourceEventStream({ ...asked, contextValue: contextOf() })
    if (!(Symbol.asyncIterator in source)) return only(show(coded(source.errors, 'BAD_USER_INPUT')))
    const events = source[Symbol.asyncIterator]()
    closeWith(signal, events)
    return eachOf(events, signal, async (rootValue) =>
      show(await execute({ ...asked, rootValue, contextValue: contextOf() })),
    )
  }
}

function readDocument(schema: GraphQLSchema, query: string): DocumentNode | ExecutionResult {
  try {
    const document = parse(query)
    const errors = validate(schema, document)
    return errors.length === 0 ? document : coded(errors, 'GRAPHQL_VALIDATION_FAILED')
  } catch (reason) {
    if (reason instanceof GraphQLError) return coded([reason], 'GRAPHQL_PARSE_FAILED')
    throw toFault(reason)
  }
}

/** As the server library does for queries: what nobody threw is a complaint about the request itself. */
function coded(errors: readonly GraphQLError[] = [], code: string): ExecutionResult {
  const named = errors.map((error) =>
    error.originalError
      ? error
      : new GraphQLError(error.message, { nodes: error.nodes ?? null, extensions: { code } }),
  )
  return { errors: named }
}

function shown<Loaders>(
  { data, errors }: ExecutionResult,
  correlationId: string,
  parts: SubscriberParts<Loaders>,
): SubgraphResponse {
  const told = errors?.map((error) => showError(error, correlationId, parts))
  return { ...(data !== undefined && { data }), ...(told && { errors: told }) }
}

async function* only<T>(value: T): AsyncGenerator<T> {
  yield value
}

async function* eachOf<T>(
  events: AsyncIterator<unknown>,
  signal: AbortSignal,
  answer: (event: unknown) => Promise<T>,
): AsyncGenerator<T> {
  try {
    for (;;) {
      const next = await nextUnlessAborted(events, signal)
      if (next.done) return
      yield await answer(next.value)
    }
  } finally {
    close(events)
  }
}

/** Also when nobody ever looks at what the source tells. */
function closeWith(signal: AbortSignal, events: AsyncIterator<unknown>): void {
  if (signal.aborted) close(events)
  else signal.addEventListener('abort', () => close(events), { once: true })
}

/** Not waited for: a generator that waits for its next event answers only then. */
function close(events: AsyncIterator<unknown>): void {
  Promise.try(() => events.return?.()).catch(() => {})
}

/** The next event, or the end when the signal comes first: a source may be quiet for ever. */
function nextUnlessAborted(
  events: AsyncIterator<unknown>,
  signal: AbortSignal,
): Promise<IteratorResult<unknown>> {
  return new Promise((resolve, reject) => {
    const end = (): void => resolve({ done: true, value: undefined })
    if (signal.aborted) return end()
    signal.addEventListener('abort', end, { once: true })
    const stopListening = (): void => signal.removeEventListener('abort', end)
    events.next().then(resolve, reject).finally(stopListening)
  })
}
