import type { Engine } from '../../src/engine/engine.ts'
import { type Difference, openRandomGraph } from './run-cases.ts'

const GENERATED: readonly ['objects', 'wire', 'mixed'] = ['objects', 'wire', 'mixed']

type Runs = { -readonly [Name in keyof Engine['counts']]: number }

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
  /** How the answers by generated functions came about. */
  readonly runs: Readonly<Record<(typeof GENERATED)[number], Runs>>
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
    runs: { objects: noRuns(), wire: noRuns(), mixed: noRuns() },
  }
}

function noRuns(): Runs {
  return { generated: 0, deviated: 0, walked: 0 }
}

export function addReport(sum: Report, more: Report): void {
  for (const key of ['cases', 'agreed', 'unplanned', 'unhandled'] as const) sum[key] += more[key]
  for (const way of GENERATED) addRuns(sum.runs[way], more.runs[way])
  sum.differences.push(...more.differences)
  sum.crashes.push(...more.crashes)
  sum.panics.push(...more.panics)
  for (const [reason, count] of Object.entries(more.gaps)) countGap(sum, reason, count)
}

function addRuns(sum: Runs, more: Readonly<Runs>): void {
  for (const key of ['generated', 'deviated', 'walked'] as const) sum[key] += more[key]
}

/** Of the answers that were asked for one way, the share that generated functions began and ended. */
export function generatedShares({ runs }: Report): Readonly<Record<keyof Report['runs'], number>> {
  const share = ({ generated, deviated, walked }: Runs): number =>
    generated / Math.max(1, generated + deviated + walked)
  return { objects: share(runs.objects), wire: share(runs.wire), mixed: share(runs.mixed) }
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
  for (const way of GENERATED) addRuns(report.runs[way], graph.ways.counts(way))
  return report
}

function countGap({ gaps }: Report, reason: string, count: number): void {
  gaps[reason] = (gaps[reason] ?? 0) + count
}
