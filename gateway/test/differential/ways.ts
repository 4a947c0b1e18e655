import { systemClock } from '@stoa/platform/clock'
import { type Log, silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import type { Subgraph } from '@stoa/platform/subgraph'
import { createAccess } from '../../src/access/access.ts'
import { jsonOf } from '../../src/answer-response.ts'
import { createByteCache } from '../../src/documents/operation-cache.ts'
import { createEngine, type Engine, type Executable } from '../../src/engine/engine.ts'
import { type Graph, openGraph } from '../../src/graph.ts'
import { defaultLimits, type Limits } from '../../src/limits.ts'
import type { GatewayOptions, GraphAnswer, SubgraphClient } from '../../src/options.ts'
import { runPipeline } from '../../src/pipeline.ts'
import type { RandomQuery } from './random-query.ts'
import { inTrouble, type Trouble } from './trouble.ts'
import { overWire } from './wire.ts'

export const WAYS = ['walked', 'objects', 'wire', 'mixed'] as const
export type Way = (typeof WAYS)[number]

/**
 * One graph, and four ways to answer: by walking, and by generated functions over objects, over bytes, and over bytes
 * where only every other subgraph is behind a wire.
 */
export interface Ways {
  /** One at a time. Rejects for bugs. */
  ask(way: Way, query: RandomQuery, around?: Around): Promise<GraphAnswer>
  counts(way: Way): Engine['counts']
  /** Operations that the planner cannot plan, by its reason. */
  readonly gaps: ReadonlyMap<string, number>
}

/** What a case has besides its query. */
export interface Around {
  readonly trouble: Trouble | undefined
  /** In [0, 1): which fields under a label are taken over. */
  readonly moved: number
}

export function openWays(supergraph: string, subgraphs: readonly Subgraph[]): Ways {
  const at: Present = { way: 'walked', trouble: undefined, moved: 0 }
  const clients = new Map(subgraphs.map((subgraph) => [subgraph.name, troubled(subgraph, at)]))
  const gaps = new Map<string, number>()
  const overrideLabels = (): readonly string[] =>
    LABELS.filter((_, i) => Math.floor(at.moved * 64) & (1 << i))
  const options = { ...BASE, supergraph, subgraphs: clients, log: gapLog(gaps), overrideLabels }
  const opened = openGraph(supergraph, options, LIMITS)
  const engines = enginesOf(opened, options)
  const engine: Engine = {
    counts: engines.walked.counts,
    prepare(planned) {
      const prepared = new Map<Way, Executable>(WAYS.map((way) => [way, engines[way].prepare(planned)]))
      return { run: async (request) => await (prepared.get(at.way) ?? failNoWay()).run(request) }
    },
  }
  const graph: Graph = { ...opened, engine, operations: createByteCache(LIMITS.operationCacheBytes) }
  const access = createAccess({
    issuer: undefined,
    partners: [],
    clock: systemClock,
    log: silentLog,
    tokenBytes: 1,
  })
  const random = { ...seededRandom(1), next: () => at.moved }
  const pipeline = { options, limits: LIMITS, clock: systemClock, random, access }
  return {
    gaps,
    counts: (way) => engines[way].counts,
    async ask(way, { text, variables }, around = QUIET) {
      Object.assign(at, { way, ...around })
      const answer = await runPipeline(pipeline, graph, {
        request: { query: text, variables },
        correlationId: 'case',
      })
      if (!answer.ok) return { errors: answer.error.errors }
      return JSON.parse(Buffer.from(jsonOf(answer.value), 'latin1').toString())
    },
  }
}

interface Present extends Around {
  readonly way: Way
}

const QUIET: Around = { trouble: undefined, moved: 0 }
const LABELS = ['fresh', 'tried']

function troubled(subgraph: Subgraph, at: Present): SubgraphClient {
  return {
    async execute(request) {
      const response = await subgraph.execute(request)
      if (at.trouble?.subgraph !== subgraph.name) return response
      return inTrouble(at.trouble, response, JSON.stringify([request.query, request.variables]))
    },
  }
}

function enginesOf(graph: Graph, options: GatewayOptions): Readonly<Record<Way, Engine>> {
  const { subgraphs, clock, log } = options
  const base = {
    ...{ schema: graph.schema, possibleTypes: graph.possibleTypes, clients: subgraphs, clock, log },
    ...{ maxErrors: LIMITS.errors, subgraphMessages: 'safe' as const, compileAfter: 0 },
  }
  const wired = new Map([...subgraphs].map(([name, client]) => [name, overWire(client)]))
  const mixed = new Map(
    [...subgraphs].map(([name, client], i) => [name, i % 2 > 0 ? overWire(client) : client]),
  )
  return {
    walked: createEngine({ ...base, compileAfter: Number.POSITIVE_INFINITY }),
    objects: createEngine(base),
    wire: createEngine({ ...base, clients: wired }),
    mixed: createEngine({ ...base, clients: mixed }),
  }
}

/** Hears what the planner says when it fails: the client is told only that it did. */
function gapLog(gaps: Map<string, number>): Log {
  return {
    ...silentLog,
    error(facts, message) {
      const reason = 'err' in facts ? String(facts['err']) : message
      const kind = reason.replace(/[EKMLW]\d?\.\w+|"[^"]*"|`[^`]*`|\d+/g, '…').slice(0, 160)
      gaps.set(kind, (gaps.get(kind) ?? 0) + 1)
    },
  }
}

function failNoWay(): never {
  throw new Error('there are four ways')
}

const WIDE = { tokens: 10_000, depth: 30, selections: 10_000, aliases: 1_000, repeats: 1_000 }
const LIMITS: Limits = {
  ...defaultLimits,
  ...{ errors: 100_000, adHoc: { ...WIDE, rootFields: 100, directives: 1_000 } },
}
const BASE = { clock: systemClock, random: seededRandom(1), introspection: true }
