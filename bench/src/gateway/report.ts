import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { type Report, reportPage } from './page.ts'
import type { Row } from './results.ts'

export interface ReportParts {
  readonly rows: readonly Row[]
  readonly figures: Readonly<Record<string, number>>
  readonly rounds: number
  readonly seconds: number
  readonly connections: number
  readonly isPinned: boolean
  /** Share of the machine that was busy with something else, 0 to 1. */
  readonly disturbance: number
}

const TOO_MUCH = 0.15

const folder = new URL('../../reports/', import.meta.url)

/** `bench/reports/gateway.html` and the same figures as JSON. */
export async function writeReport(parts: ReportParts): Promise<void> {
  const { rows, figures, rounds, seconds, connections, isPinned, disturbance } = parts
  const pinned = isPinned ? 'the gateway alone on one core, subgraphs and load on another' : 'nothing pinned'
  const report: Report = {
    measured: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores (${process.arch}), Node ${process.versions.node}, ${pinned}. While it ran, ${Math.round(disturbance * 100)} % of the machine was busy with other things.${disturbance > TOO_MUCH ? ' That is too much: a quiet machine gives higher figures to all of them.' : ''}`,
    shape: `${rounds} rounds of ${seconds} s for each gateway and query, ${connections} connections that each ask again as soon as they are answered.`,
    rows,
    figures,
  }
  await mkdir(folder, { recursive: true })
  await writeFile(new URL('gateway.html', folder), reportPage(report))
  await writeFile(new URL('gateway.json', folder), `${JSON.stringify(report, null, 2)}\n`)
}
