import type { Contestant } from './contestants.ts'
import type { QueryName } from './graph.ts'
import type { Sample } from './measure.ts'

/** One gateway's medians. */
export interface Row {
  readonly id: string
  readonly label: string
  readonly kind: Contestant['kind']
  readonly sharing: Contestant['sharing']
  readonly heavy?: Sample
  readonly small?: Sample
  readonly memoryMb?: number
  /** Why there are no figures. */
  readonly absent?: string
}

export interface Outcome {
  readonly contestant: Contestant
  readonly samples: readonly Sample[]
  readonly memoryMb?: number
  readonly absent?: string
}

export function summarise({ contestant, samples, memoryMb, absent }: Outcome): Row {
  const { id, label, kind, sharing } = contestant
  const heavy = medianOf(samples, 'heavy')
  const small = medianOf(samples, 'small')
  return {
    ...{ id, label, kind, sharing },
    ...(heavy && { heavy }),
    ...(small && { small }),
    ...(memoryMb !== undefined && { memoryMb }),
    ...(absent !== undefined && { absent }),
  }
}

function medianOf(samples: readonly Sample[], query: QueryName): Sample | undefined {
  const own = samples.filter((sample) => sample.query === query)
  const [first] = own
  if (!first) return undefined
  const of = (pick: (sample: Sample) => number): number => median(own.map(pick))
  return {
    id: first.id,
    query,
    perCore: of((sample) => sample.perCore),
    perSecond: of((sample) => sample.perSecond),
    busy: of((sample) => sample.busy),
    p50Ms: of((sample) => sample.p50Ms),
    p99Ms: of((sample) => sample.p99Ms),
    subRequests: of((sample) => sample.subRequests),
    answerBytes: of((sample) => sample.answerBytes),
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

/** The figures of the last line. What was not measured is left out. */
export function figuresOf(rows: readonly Row[]): Readonly<Record<string, number>> {
  const find = (id: string): Row | undefined => rows.find((row) => row.id === id)
  const ours = find('ours')
  const perCore = (id: string, query: QueryName): number | undefined => find(id)?.[query]?.perCore
  const ratio = (query: QueryName, id: string): number | undefined =>
    quotient(ours?.[query]?.perCore, perCore(id, query))
  const figures: Readonly<Record<string, number | undefined>> = {
    heavy_vs_apollo: ratio('heavy', 'apollo'),
    heavy_vs_hive: ratio('heavy', 'hive'),
    heavy_vs_grafbase: ratio('heavy', 'grafbase'),
    heavy_vs_by_hand: ratio('heavy', 'by-hand'),
    small_vs_apollo: ratio('small', 'apollo'),
    small_vs_hive: ratio('small', 'hive'),
    small_vs_grafbase: ratio('small', 'grafbase'),
    heavy_per_core: ours?.heavy?.perCore,
    small_per_core: ours?.small?.perCore,
    heavy_shared_per_core: perCore('ours-share', 'heavy'),
    small_shared_per_core: perCore('ours-share', 'small'),
    heavy_in_process_per_core: perCore('ours-in-process', 'heavy'),
    heavy_in_process_vs_by_hand: quotient(
      perCore('ours-in-process', 'heavy'),
      perCore('by-hand-in-process', 'heavy'),
    ),
    heavy_p50_ms: ours?.heavy?.p50Ms,
    heavy_p99_ms: ours?.heavy?.p99Ms,
    heavy_sub_requests: ours?.heavy?.subRequests,
    memory_mb: ours?.memoryMb,
  }
  return Object.fromEntries(
    Object.entries(figures).flatMap(([name, value]) => (value === undefined ? [] : [[name, round(value)]])),
  )
}

function quotient(mine: number | undefined, theirs: number | undefined): number | undefined {
  return mine === undefined || theirs === undefined ? undefined : mine / theirs
}

/** Whole numbers from 100 on, two digits behind the point below. */
export function round(value: number): number {
  return value >= 100 ? Math.round(value) : Math.round(value * 100) / 100
}
