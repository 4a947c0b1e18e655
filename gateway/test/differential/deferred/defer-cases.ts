import { setImmediate } from 'node:timers/promises'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { type Random, seededRandom } from '@stoa/platform/random'
import { createAccess } from '../../../src/access/access.ts'
import { jsonOf } from '../../../src/answer-response.ts'
import { type Graph, openGraph } from '../../../src/graph.ts'
import { defaultLimits } from '../../../src/limits.ts'
import type { SubgraphClient } from '../../../src/options.ts'
import { type Pipeline, runPipeline } from '../../../src/pipeline.ts'
import { composed, openPart } from '../../fixture.ts'
import { type AnswerPart, type Merged, mergeParts } from '../../merge-parts.ts'
import { codesOf } from '../compare.ts'
import { dataOf } from '../data.ts'
import { chance, type Model, pick } from '../model.ts'
import { partsOfGraph } from '../parts.ts'
import { randomModel } from '../random-model.ts'
import { type RandomQuery, randomQuery } from '../random-query.ts'
import { inTrouble, type Trouble } from '../trouble.ts'
import { differenceOf, untruthOf } from './compare-parts.ts'
import { deferSome } from './deferred-query.ts'

export interface DeferReport {
  cases: number
  /** Answers of which something came later. */
  inParts: number
  /** Parts of all of them. */
  parts: number
  readonly differences: DeferDifference[]
}

export interface DeferDifference extends RandomQuery {
  /** `seed:index`. */
  readonly name: string
  readonly what: string
}

export interface DeferCases {
  readonly seed: number
  readonly from: number
  readonly to: number
  readonly tell?: (name: string) => void
}

/** Compares answers in parts with the same as a whole, on one random graph whose subgraphs are of random speed. */
export async function runDeferCases({ seed, from, to, tell }: DeferCases): Promise<DeferReport> {
  const report: DeferReport = { cases: 0, inParts: 0, parts: 0, differences: [] }
  const model = randomModel(seededRandom(seed), seed < 10_000 ? 1 : 2)
  const calls: string[] = []
  const data = dataOf(model, { seed, failing: seed % 2 === 0 ? 0.08 : 0 })
  const parts = partsOfGraph(model, data, calls)
  await using opening = new AsyncDisposableStack()
  const clients = new Map<string, SubgraphClient>()
  const now: Now = { pace: seededRandom(seed), trouble: undefined }
  for (const [name, part] of Object.entries(parts))
    clients.set(name, atRandomPace(name, opening.use(await openPart(name, part)), now))
  const asking = openAsking(composed(parts), clients)
  for (let index = from; index < to; index += 1) {
    const random = seededRandom((seed + 1) * 1_000_003 + index)
    const query = deferSome(random, randomQuery(random, model))
    now.trouble = troubleOf(random, model)
    tell?.(`${seed}:${index} ${query.text}`)
    await runCase(asking, report, { name: `${seed}:${index}`, calls, now, ...query })
  }
  return report
}

interface Case extends RandomQuery {
  readonly name: string
  readonly calls: string[]
  readonly now: Now
}

async function runCase(
  asking: Asking,
  report: DeferReport,
  { calls, name, now, ...query }: Case,
): Promise<void> {
  const { trouble } = now
  const [whole = {}] = await ask(asking, query, false)
  const done = calls.splice(0).join()
  if (REFUSED.has(String(codesOf(whole)[0]))) return
  report.cases += 1
  const parts = await ask(asking, query, true)
  // Nonsense is another for each question, so only the form of the answer can be asked for.
  const isSame = calls.splice(0).join() === done || trouble?.kind === 'nonsense'
  now.trouble = undefined
  const [truth = {}] = trouble ? await ask(asking, query, false) : [whole]
  calls.length = 0
  const compare = trouble ? TRUTHS[trouble.kind] : differenceOf
  const what = isSame ? wrongIn(parts, (merged) => compare(truth, merged)) : 'other mutations'
  if (parts.length > 1) report.inParts += 1
  report.parts += parts.length
  if (what !== undefined) report.differences.push({ name, ...query, what })
}

const TRUTHS = { rejects: untruthOf, nonsense: () => undefined }
const REFUSED: ReadonlySet<string> = new Set(['DOCUMENT_INVALID', 'PLAN_FAILED', 'TOO_MANY_ERRORS'])

function wrongIn(
  parts: readonly AnswerPart[],
  compare: (merged: Merged) => string | undefined,
): string | undefined {
  try {
    return compare(mergeParts(parts))
  } catch (reason) {
    return `${String(reason)} in ${JSON.stringify(parts)}`
  }
}

/** What holds for the case that is run. */
interface Now {
  readonly pace: Random
  trouble: Trouble | undefined
}

function atRandomPace(name: string, client: SubgraphClient, now: Now): SubgraphClient {
  return {
    async execute(request) {
      const { trouble, pace } = now
      const response = await client.execute(request)
      for (let turns = Math.floor(pace.next() * 4); turns > 0; turns -= 1) await setImmediate()
      if (trouble?.subgraph !== name) return response
      return inTrouble(trouble, response, JSON.stringify([request.query, request.variables]))
    },
  }
}

function troubleOf(random: Random, { subgraphs }: Model): Trouble | undefined {
  if (!chance(random, 0.15)) return undefined
  const kind = pick(random, ['rejects', 'rejects', 'nonsense'] as const)
  return { kind, subgraph: pick(random, subgraphs), seed: Math.floor(random.next() * 1_000_000) }
}

interface Asking {
  readonly graph: Graph
  readonly pipeline: Pipeline
}

/** No error may be left out, or what is left would depend on the order. */
const LIMITS = { ...defaultLimits, errors: 100_000 }

function openAsking(supergraph: string, subgraphs: ReadonlyMap<string, SubgraphClient>): Asking {
  const base = { clock: systemClock, random: seededRandom(1), log: silentLog, introspection: true }
  const options = { ...base, supergraph, subgraphs, compileAfter: 1_000 }
  const access = createAccess({
    issuer: undefined,
    partners: [],
    clock: systemClock,
    log: silentLog,
    tokenBytes: 1,
  })
  const pipeline = { options, limits: LIMITS, clock: systemClock, random: base.random, access }
  return { graph: openGraph(supergraph, options, LIMITS), pipeline }
}

async function ask(
  { graph, pipeline }: Asking,
  { text, variables }: RandomQuery,
  mayDefer: boolean,
): Promise<readonly AnswerPart[]> {
  const request = { query: text, variables, mayDefer }
  const answer = await runPipeline(pipeline, graph, { request, correlationId: 'case' })
  if (!answer.ok) return [{ errors: answer.error.errors }]
  const first: AnswerPart = JSON.parse(Buffer.from(jsonOf(answer.value), 'latin1').toString())
  const texts = 'json' in answer.value ? answer.value.later?.texts : undefined
  const later = await Array.fromAsync(texts ?? [])
  return [first, ...later.map((one): AnswerPart => JSON.parse(one))]
}
