import { setImmediate } from 'node:timers/promises'
import { Fault } from '@stoa/platform/fault'
import type { Log } from '@stoa/platform/log'
import { type DocumentNode, type GraphQLSchema, parse, validateSchema } from 'graphql'
import { type ColdLane, createColdLane } from './cold-lane.ts'
import { type ByteCache, createByteCache } from './documents/operation-cache.ts'
import type { PreparedOperation } from './documents/prepare-operation.ts'
import type { ReadyRequest } from './documents/ready-request.ts'
import { edgeDirectives, type OfferedDirectives } from './edge/operation-directives.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import type { Limits } from './limits.ts'
import type { GatewayOptions } from './options.ts'
import { apiDocument, buildApiSchema } from './planner/api-schema.ts'
import { checkPlannable } from './planner/check-plannable.ts'
import { type LabelsByField, readOverrides } from './planner/overrides.ts'
import { type Ownership, readOwnership } from './planner/ownership.ts'
import { planBeside } from './planner/plan-beside.ts'
import { openPlanner, type Planner } from './planner/planner.ts'
import type { PlannerProcess } from './planner/planner-process.ts'
import { type PossibleTypes, readPossibleTypes } from './planner/possible-types.ts'
import { type RequiredFields, readRequiredFields } from './planner/required-fields.ts'
import { type ReservedKeys, readReservedKeys } from './planner/reserved-keys.ts'
import { sharePlans } from './planner/shared/share-plans.ts'
import { readSubgraphTypes, type SubgraphTypes } from './planner/subgraph-types.ts'
import { parseSupergraph, subgraphsOf } from './planner/subgraphs-of.ts'

/** Everything that depends on the supergraph, to be exchanged as one. */
export interface Graph {
  readonly schema: GraphQLSchema
  readonly planner: Planner
  readonly possibleTypes: PossibleTypes
  readonly reservedKeys: ReservedKeys
  readonly requiredFields: RequiredFields
  readonly subgraphTypes: SubgraphTypes
  readonly labels: LabelsByField
  readonly engine: Engine
  /** By the name of their subgraph. */
  readonly clients: GatewayOptions['subgraphs']
  readonly operations: ByteCache<PreparedOperation>
  /** By the bytes of a request's body. */
  readonly requests: ByteCache<ReadyRequest>
  /** Where new documents wait for their turn. */
  readonly lane: ColdLane
  readonly introspection: boolean
  readonly limits: Limits
  readonly log: Log
}

/** The share of the budget for operations that is kept for requests: these are small, and lead to operations. */
const FOR_REQUESTS = 0.125

/** Throws BAD_SCHEMA when the text is no supergraph, or one for which a subgraph is missing here. */
export function openGraph(supergraph: string, options: GatewayOptions, limits: Limits): Graph {
  const steps = stepsToGraph(supergraph, options, limits)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** The same; between two steps everybody else has a turn. */
export async function openGraphInSteps(
  supergraph: string,
  options: GatewayOptions,
  limits: Limits,
): Promise<Graph> {
  const steps = stepsToGraph(supergraph, options, limits)
  for (;;) {
    await setImmediate()
    const step = steps.next()
    if (step.done) return step.value
  }
}

function* stepsToGraph(
  supergraph: string,
  options: GatewayOptions,
  limits: Limits,
): Generator<void, Graph, void> {
  const document = parseSupergraph(supergraph)
  checkSubgraphs(document, options)
  checkPlannable(document)
  yield
  const edge = parse(edgeDirectives(offeredBy(options)), { noLocation: true })
  const api = apiDocument(document, edge)
  yield
  const schema = buildApiSchema(api)
  yield
  const [problem] = validateSchema(schema)
  if (problem)
    throw new Fault('BAD_SCHEMA', `The supergraph's public schema does not stand: ${problem.message}`)
  yield
  const { ownership, ...facts } = yield* readFacts(document)
  const planner = openSharingPlanner(supergraph, options, facts)
  yield
  const { subgraphs: clients, clock, log, subgraphMessages = 'safe' } = options
  return {
    schema,
    planner,
    ...facts,
    clients,
    engine: createEngine({
      schema,
      possibleTypes: facts.possibleTypes,
      clients,
      clock,
      log,
      maxErrors: limits.errors,
      deferral: { ownership, most: limits.deferred },
      compileAfter: options.compileAfter ?? 1,
      subgraphMessages,
    }),
    operations: createByteCache(limits.operationCacheBytes * (1 - FOR_REQUESTS)),
    requests: createByteCache(limits.operationCacheBytes * FOR_REQUESTS),
    lane: createColdLane(),
    introspection: options.introspection ?? false,
    limits,
    log,
  }
}

function openSharingPlanner(
  supergraph: string,
  { clock, isolatePlanner: isIsolated = false, sharedPlans: shared, adHocDocuments = true }: GatewayOptions,
  { labels, reservedKeys }: Pick<Facts, 'labels' | 'reservedKeys'>,
): Planner {
  const share = shared && {
    share: (planner: PlannerProcess): Planner =>
      sharePlans(planner, { supergraph, shared, clock, adHocDocuments, labels, reservedKeys }),
  }
  return planBeside(openPlanner(supergraph), { supergraph, clock, isIsolated, ...share })
}

function offeredBy({ markets = [], tellsContext = true }: GatewayOptions): OfferedDirectives {
  return { markets: markets.length > 0, idempotency: tellsContext }
}

type Facts = Pick<Graph, 'possibleTypes' | 'reservedKeys' | 'requiredFields' | 'subgraphTypes' | 'labels'>

/** What the directives of federation say, each read in a step of its own. */
function* readFacts(document: DocumentNode): Generator<void, Facts & { ownership: Ownership }, void> {
  const possibleTypes = readPossibleTypes(document)
  yield
  const reservedKeys = readReservedKeys(document)
  yield
  const requiredFields = readRequiredFields(document)
  yield
  const subgraphTypes = readSubgraphTypes(document)
  yield
  const labels = readOverrides(document)
  yield
  const ownership = readOwnership(document)
  yield
  return { possibleTypes, reservedKeys, requiredFields, subgraphTypes, labels, ownership }
}

function checkSubgraphs(document: DocumentNode, options: GatewayOptions): void {
  const names = subgraphsOf(document).map(({ name }) => name)
  const missing = names.filter((name) => !options.subgraphs.has(name))
  if (missing.length > 0)
    throw new Fault(
      'BAD_SCHEMA',
      `The supergraph names subgraphs that are not configured here: ${missing.join(', ')}. Give each a client.`,
    )
}
