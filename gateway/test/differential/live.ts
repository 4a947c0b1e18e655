import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import type { Subgraph } from '@stoa/platform/subgraph'
import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  separateOperations,
  visit,
} from 'graphql'
import { bodyOf } from '../../src/answer-response.ts'
import { createGateway, type Gateway, type SubgraphClient } from '../../src/gateway.ts'
import type { GraphAnswer } from '../../src/options.ts'
import { composed, openPart, type PartOfGraph } from '../fixture.ts'
import { dataOf } from './data.ts'
import type { Model, TypeModel } from './model.ts'
import { partsOfGraph } from './parts.ts'
import { randomModel } from './random-model.ts'
import { type RandomQuery, randomQuery } from './random-query.ts'
import { overWire } from './wire.ts'

/** A random graph whose queries can also be subscribed to, by each way to run them. */
export interface LiveGraph extends AsyncDisposable {
  /** Queries of one root field. */
  draw(index: number): readonly RandomQuery[]
  readonly gateways: readonly Gateway[]
}

export async function openLiveGraph(seed: number): Promise<LiveGraph> {
  const model = randomModel(seededRandom(seed), 2)
  const root = subscriptionOf(model)
  const all = new Map([...model.types, ['Subscription', root]])
  const data = dataOf(model, { seed, failing: seed % 3 === 0 ? 0.06 : 0 })
  const parts = partsOfGraph({ ...model, types: all }, data, [])
  const told = Object.entries(parts).map(([name, part]) => [name, withEvents(part)] as const)
  await using opening = new AsyncDisposableStack()
  const subgraphs: Subgraph[] = []
  for (const [name, part] of told) subgraphs.push(opening.use(await openPart(name, part)))
  const supergraph = composed(Object.fromEntries(told))
  const gateways = [
    open(supergraph, subgraphs, (client) => client, Number.POSITIVE_INFINITY),
    open(supergraph, subgraphs, (client) => client, 0),
    open(supergraph, subgraphs, wired, 0),
  ]
  const fields = new Set(root.fields.map(({ name }) => name))
  const opened = opening.move()
  return {
    gateways,
    draw: (index) => singleFields(randomQuery(seededRandom(seed * 1_000 + index), model), fields),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** The fields of `Query` that one subgraph has for itself: a subscription has one source. */
function subscriptionOf({ types, subgraphs }: Model): TypeModel {
  const query = types.get('Query')
  if (!query) throw new Error('Every model has queries.')
  const fields = query.fields.filter(
    ({ in: owners, toldTo }) => owners.size === 1 && [...owners.values()][0] === '' && toldTo.length === 0,
  )
  const heads = new Map(subgraphs.map((name) => [name, 'type Subscription']))
  return { ...query, name: 'Subscription', heads, fields }
}

/** Each field tells one event, and is for it what it is in a query. */
function withEvents(part: PartOfGraph): PartOfGraph {
  const { Subscription, ...resolvers } = part.resolvers ?? {}
  if (!Subscription) return part
  const fields = Object.entries(Subscription).map(([name, resolve]) => [name, { subscribe: once, resolve }])
  return { ...part, resolvers: { ...resolvers, Subscription: Object.fromEntries(fields) } }
}

async function* once(): AsyncGenerator<object> {
  yield {}
}

function open(
  supergraph: string,
  subgraphs: readonly Subgraph[],
  wrap: (client: SubgraphClient) => SubgraphClient,
  compileAfter: number,
): Gateway {
  const clients = new Map(subgraphs.map((subgraph) => [subgraph.name, wrap(subgraph)]))
  const tools = { clock: systemClock, random: seededRandom(1), log: silentLog }
  return createGateway({ ...tools, supergraph, subgraphs: clients, compileAfter })
}

function wired(client: SubgraphClient): SubgraphClient {
  return { ...overWire(client), ...(client.subscribe && { subscribe: client.subscribe }) }
}

function singleFields({ text, variables }: RandomQuery, names: ReadonlySet<string>): readonly RandomQuery[] {
  const document = parse(text)
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  if (operation?.operation !== 'query') return []
  const fields = operation.selectionSet.selections.filter((node) => node.kind === Kind.FIELD)
  return fields
    .filter(({ name, directives }) => names.has(name.value) && directives?.length === 0)
    .map((field) => ({ text: only(document, operation, field), variables }))
}

/** The document with this field alone, and what it uses. */
function only(document: DocumentNode, operation: OperationDefinitionNode, field: FieldNode): string {
  const cut: OperationDefinitionNode = {
    ...operation,
    selectionSet: { kind: Kind.SELECTION_SET, selections: [field] },
  }
  const others = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
  const [needed] = Object.values(separateOperations({ ...document, definitions: [cut, ...others] }))
  if (!needed) throw new Error('There is one operation.')
  const used = new Set<string>()
  visit(needed, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  })
  return print(
    visit(needed, {
      VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? undefined : null),
    }),
  )
}

/** The answer to a query, and to the same as a subscription. */
export async function askBoth(
  gateway: Gateway,
  { text, variables }: RandomQuery,
): Promise<readonly [GraphAnswer, GraphAnswer]> {
  const answer = bodyOf(await gateway.execute({ query: text, variables }))
  const opened = await gateway.subscribe({ query: text.replace(/^(query)?\s*/, 'subscription '), variables })
  if (!('items' in opened)) return [answer, bodyOf(opened)]
  const { value } = await opened.items.next()
  await opened.items.return()
  const told = value && 'json' in value ? JSON.parse(Buffer.from(value.json, 'latin1').toString()) : value
  return [answer, told]
}
