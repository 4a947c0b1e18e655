import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, parse } from 'graphql'
import { readSdl, type SubgraphName, subgraphNames } from './graph.ts'
import { createGraphData, type GraphData, shippingEstimate } from './graph-data.ts'

export interface SubgraphQuestion {
  readonly query: string
  readonly operationName?: string | null
  readonly variables?: Readonly<Record<string, unknown>> | null
}

/** Answers one subgraph's question by executing its schema: slow and right, to be asked once for each question. */
export type AnswerSubgraph = (question: SubgraphQuestion) => Promise<SubgraphAnswer>

export interface SubgraphAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null
}

export function createSubgraphAnswers(): ReadonlyMap<SubgraphName, AnswerSubgraph> {
  const data = createGraphData()
  return new Map(subgraphNames.map((name) => [name, createAnswer(name, data)]))
}

function createAnswer(name: SubgraphName, data: GraphData): AnswerSubgraph {
  const schema = buildSubgraphSchema([{ typeDefs: parse(readSdl(name)), resolvers: resolversOf(name, data) }])
  const rootValue = {
    me: data.users[0],
    user: ({ id }: { id: string }) => data.users.find((user) => user.id === id),
    users: data.users,
    topProducts: ({ first }: { first: number }) => data.products.slice(0, first),
  }
  return async ({ query, operationName, variables }) => {
    const answer = await execute({
      schema,
      document: parse(query),
      rootValue,
      variableValues: variables,
      operationName,
    })
    if (answer.errors) throw new Error(`${name} cannot answer ${query}: ${answer.errors.join('; ')}`)
    return { data: answer.data ?? null }
  }
}

interface Reference {
  readonly id?: string
  readonly upc?: string
  readonly price?: number
  readonly weight?: number
}

type References = Record<string, { __resolveReference: (reference: Reference) => object | undefined }>

/** Only entities need resolvers; inventory's come from what the gateway brought along, as @requires asks. */
function resolversOf(name: SubgraphName, { users, products }: GraphData): References {
  const userOf = ({ id }: Reference) => users.find((user) => user.id === id)
  const productOf = ({ upc }: Reference) => products.find((product) => product.upc === upc)
  const estimated = (reference: Reference) => ({
    ...productOf(reference),
    shippingEstimate: () => estimateFor(reference),
  })
  const user = { User: { __resolveReference: userOf } }
  const product = { Product: { __resolveReference: productOf } }
  switch (name) {
    case 'accounts':
      return user
    case 'products':
      return product
    case 'reviews':
      return { ...user, ...product }
    case 'inventory':
      return { Product: { __resolveReference: estimated } }
  }
}

function estimateFor({ price, weight }: Reference): number {
  if (price === undefined || weight === undefined)
    throw new Error('inventory was asked for a shipping estimate without price and weight.')
  return shippingEstimate({ price, weight })
}
