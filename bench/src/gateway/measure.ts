import type { Worker } from './command.ts'
import type { QueryName } from './graph.ts'
import type { LoadOrder, LoadResult } from './load.ts'
import type { RunningGateway } from './running-gateway.ts'
import type { OpenSite } from './site.ts'

/** One gateway under one query for one round. */
export interface Sample {
  readonly id: string
  readonly query: QueryName
  /** 1000 / CPU milliseconds per request. */
  readonly perCore: number
  readonly perSecond: number
  /** How much of its core it was using. */
  readonly busy: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly subRequests: number
  readonly answerBytes: number
}

export interface LoadShape {
  readonly query: QueryName
  readonly connections: number
  readonly warmSeconds: number
  readonly seconds: number
}

export async function takeSample(
  { contestant, port, pid }: RunningGateway,
  { site, load }: { readonly site: OpenSite; readonly load: Worker },
  { query, ...shape }: LoadShape,
): Promise<Sample> {
  await site.subgraphs.ask('counts')
  const order: LoadOrder = { port, pid, ...site.questions[query], ...shape }
  // Both workers are ours: what they answer has the type that their commands declare.
  const result = (await load.ask('run', order)) as LoadResult
  const counts = (await site.subgraphs.ask('counts')) as Readonly<Record<string, number>>
  const asked = Object.values(counts).reduce((sum, count) => sum + count, 0)
  if (result.requests === 0) throw new Error(`${contestant.id} answered nothing in ${shape.seconds} s.`)
  return {
    id: contestant.id,
    query,
    perCore: (1_000 * result.requests) / result.cpuMs,
    perSecond: result.requests / result.seconds,
    busy: result.cpuMs / (result.seconds * 1_000),
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    // What was under way at the end was asked for and not counted as answered.
    subRequests: asked / (result.allRequests + shape.connections / 2),
    answerBytes: result.answerBytes,
  }
}
