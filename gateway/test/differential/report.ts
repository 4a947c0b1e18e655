import type { Engine } from '../../src/engine/engine.ts'
import { type Difference, openRandomGraph } from './run-cases.ts'
import { WAYS } from './ways.ts'

/** What came of many cases. */
export interface Report {
  cases: number
  agreed: number
  /** The planner found no way. */
  unplanned: number
  /** Rejections that nobody waited for. */
  unhandled: number
  readonly differences: Difference[]
  /** Cases that ended in an exception, each with its name. */
  readonly crashes: string[]
  /** Cases at which the planner ended the whole process. */
  readonly panics: string[]
  /** Why there was no plan, and how often. */
  readonly gaps: Record<string, number>
  /** How the answers by generated functions came about, over objects and over bytes. */
  readonly runs: { -readonly [Name in keyof Engine['counts']]: number }
}

export function emptyReport(): Report {
  return {
    ...{
      cases: 0,
      agreed: 0,
      unplanned: 0,
      unhandled: 0,
      differences: [],
      crashes: [],
      panics: [],
      gaps: {},
    },
    runs: { generated: 0, deviated: 0, walked: 0 },
  }
}

export function addReport(sum: Report, more: Report): void {
  for (const key of ['cases', 'agreed', 'unplanned', 'unhandled'] as const) sum[key] += more[key]
  for (const key of ['generated', 'deviated', 'walked'] as const) sum.runs[key] += more.runs[key]
  sum.differences.push(...more.differences)
  sum.crashes.push(...more.crashes)
  sum.panics.push(...more.panics)
  for (const [reason, count] of Object.entries(more.gaps)) countGap(sum, reason, count)
}

/** Of the answers that generated functions began, the share that they also ended. */
export function generatedShare({ runs: { generated, deviated, walked } }: Report): number {
  return generated / Math.max(1, generated + deviated + walked)
}

export interface CasesToRun {
  readonly seed: number
  readonly from: number
  readonly to: number
  readonly begin?: (index: number) => void
}

/** Cases of one graph. */
export async function runCases({ seed, from, to, begin }: CasesToRun): Promise<Report> {
  const report = emptyReport()
  await using graph = await openRandomGraph(seed)
  for (let index = from; index < to; index += 1) {
    begin?.(index)
    report.cases += 1
    try {
      const outcome = await graph.run(index)
      if (outcome.kind === 'different') report.differences.push(outcome.difference)
      else report[outcome.kind] += 1
    } catch (reason) {
      report.crashes.push(`${seed}:${index} ${String(reason)}`)
    }
  }
  for (const [reason, count] of graph.ways.gaps) countGap(report, reason, count)
  for (const way of WAYS.filter((one) => one !== 'walked')) {
    const counts = graph.ways.counts(way)
    for (const key of ['generated', 'deviated', 'walked'] as const) report.runs[key] += counts[key]
  }
  return report
}

function countGap({ gaps }: Report, reason: string, count: number): void {
  gaps[reason] = (gaps[reason] ?? 0) + count
}
