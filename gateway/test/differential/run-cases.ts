import type { Random } from '@stoa/platform/random'
import { buildSchema, execute, type GraphQLSchema, isObjectType, parse, validate } from 'graphql'
import { defaultLimits } from '../../src/limits.ts'
import type { GraphAnswer } from '../../src/options.ts'
import { apiOf, openFixture, type PartOfGraph } from '../fixture.ts'
import { essence } from './compare.ts'
import { type Data, dataOf, type Source } from './data.ts'
import { type Model, randomModel, subgraphSdl } from './model.ts'
import { type RandomQuery, randomQuery } from './random-query.ts'

export interface CasesToRun {
  readonly seed: number
  readonly random: Random
  readonly queries: number
  /** The share of fields that fail. */
  readonly failing: number
}

export interface Difference extends RandomQuery {
  readonly expected: string
  readonly got: string
}

type Arguments = { readonly n?: number | null }

/** Random queries against one random graph; answers with those on which the two disagree. */
export async function runCases({
  seed,
  random,
  queries,
  failing,
}: CasesToRun): Promise<readonly Difference[]> {
  const model = randomModel(random)
  const data = dataOf(seed, failing)
  const parts = Object.fromEntries(model.subgraphs.map((name) => [name, partOf(model, name, data)]))
  const wide = {
    ...defaultLimits.adHoc,
    tokens: 10_000,
    aliases: 1_000,
    selections: 10_000,
    repeats: 1_000,
    directives: 1_000,
  }
  await using fixture = await openFixture(parts, { limits: { adHoc: wide, errors: 100_000 } })
  const merged = mergedSchema(apiOf(parts), model, data)
  const differences: Difference[] = []
  for (let left = queries; left > 0; ) {
    const query = randomQuery(random, model)
    if (validate(merged, parse(query.text)).length > 0) continue
    left -= 1
    const answer = await fixture.ask(query.text, query.variables)
    const expected = essence(
      await execute({ schema: merged, document: parse(query.text), variableValues: query.variables }),
    )
    const got = essence(answer)
    if (got !== expected && !isUnplanned(query, answer)) differences.push({ ...query, expected, got })
  }
  return differences
}

/** The planner cannot reach a field with @requires behind two hops (see the README); the answer then says so, whole. */
function isUnplanned({ text }: RandomQuery, answer: GraphAnswer): boolean {
  return codesOf(answer).join() === 'PLAN_FAILED' && !('data' in answer) && /\bsum\b/.test(text)
}

function codesOf(answer: GraphAnswer): readonly string[] {
  return [...new Set((answer.errors ?? []).map(({ extensions }) => extensions.code))]
}

function partOf(model: Model, subgraph: string, data: Data): PartOfGraph {
  const types = model.types.map(({ name, fields }) => {
    const own = fields.filter((field) => field.owner === subgraph)
    const resolvers = own.map((field) => [
      field.name,
      (source: Source, { n }: Arguments) => data.resolve(name, field, source ?? {}, n),
    ])
    return [name, Object.fromEntries(resolvers)] as const
  })
  return {
    sdl: subgraphSdl(model, subgraph),
    resolvers: Object.fromEntries(types.filter(([, own]) => Object.keys(own).length > 0)),
  }
}

/** One schema that resolves everything itself. */
function mergedSchema(api: string, model: Model, data: Data): GraphQLSchema {
  const schema = buildSchema(api)
  for (const { name, fields } of model.types) {
    const type = schema.getType(name)
    if (!isObjectType(type)) continue
    for (const field of fields) {
      const definition = type.getFields()[field.name]
      const needed = fields.find((other) => other.name === field.requires)
      if (!definition) continue
      definition.resolve = (source: Source | undefined, { n }: Arguments) => {
        const from = source ?? {}
        const base = needed && data.resolve(name, needed, from, undefined)
        return data.resolve(name, field, needed ? { ...from, [needed.name]: base } : from, n)
      }
    }
  }
  return schema
}
