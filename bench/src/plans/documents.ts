import { loadDocuments } from '@stoa/schema/documents'
import { readApi, readSupergraph } from '@stoa/schema/supergraph'
import { buildSchema } from 'graphql'
import { composeGraph, readQuery } from '../gateway/graph.ts'
import { makeUpVariables } from './variables.ts'

export interface ToAsk {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** Documents that no gateway has seen, and those that warm its functions before. */
export interface DocumentSet {
  readonly supergraph: string
  readonly warm: readonly ToAsk[]
  readonly cold: readonly ToAsk[]
}

export const setNames = ['shop', 'shopWarm', 'heavy', 'large'] as const
export type SetName = (typeof setNames)[number]

export function isSetName(name: unknown): name is SetName {
  return setNames.some((known) => known === name)
}

/**
 * `shop`: the trusted documents of the shop, in a gateway that has just started; `shopWarm`: the same after fifty
 * others; `heavy`: twenty like the heavy query; `large`: six of which each takes long to plan.
 */
export function openSet(name: SetName): DocumentSet {
  if (name === 'shop') return { ...shop(), warm: [] }
  if (name === 'shopWarm') return shop()
  const { supergraph } = composeGraph(new Map())
  const cold = name === 'heavy' ? numbers(20).map(likeHeavy) : numbers(6).map((i) => deep(i + 6))
  return {
    supergraph,
    warm: numbers(20).map((i) => likeHeavy(i + 40)),
    cold: cold.map(({ query }) => plain(query)),
  }
}

function shop(): DocumentSet {
  const schema = buildSchema(readApi())
  const texts = [...loadDocuments().values()].map(({ text }) => text)
  const cold = texts
    .filter((text) => !/^subscription\b/m.test(text))
    .map((query) => ({ query, variables: makeUpVariables(schema, query) }))
  const warm = numbers(50).map((i) =>
    plain(`{ products(first: ${i}) { nodes { id name alsoBought { id } } } }`),
  )
  return { supergraph: readSupergraph(), warm, cold }
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i + 1)
}

function plain(query: string): ToAsk {
  return { query, variables: {} }
}

function likeHeavy(first: number): ToAsk {
  return plain(readQuery('heavy').replace('first: 5', `first: ${first}`))
}

/** Through all four subgraphs and back, side by side. */
function deep(roots: number): ToAsk {
  const fields = numbers(roots).map((i) => `a${i}: topProducts(first: ${i}) { upc ${hops(2)} }`)
  return plain(`{ ${fields.join(' ')} }`)
}

function hops(count: number): string {
  if (count === 0) return 'weight'
  const product = `product { name price inStock shippingEstimate ${hops(count - 1)} }`
  return `reviews { id body author { username reviews { ${product} } } }`
}
