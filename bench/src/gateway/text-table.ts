import type { Sample } from './measure.ts'
import { type Row, round } from './results.ts'

const header = [
  'gateway',
  'sharing',
  'heavy /s·core',
  'p50 ms',
  'p99 ms',
  'sub-req.',
  'small /s·core',
  'p50 ms',
  'p99 ms',
  'MB',
]

export function textTable(rows: readonly Row[]): string {
  const present = rows.filter((row) => row.absent === undefined)
  const lines = [header, ...present.map(cellsOf)]
  const widths = header.map((_, column) => Math.max(...lines.map((cells) => (cells[column] ?? '').length)))
  const text = lines.map((cells) =>
    cells.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
  )
  const absent = rows.flatMap(({ label, sharing, absent: why }) =>
    why === undefined ? [] : [`not measured: ${label} (${sharing}): ${why}`],
  )
  return `${[...text, ...absent].join('\n')}\n`
}

function cellsOf({ label, sharing, heavy, small, memoryMb }: Row): readonly string[] {
  return [
    label,
    sharing,
    count(heavy),
    ...latencies(heavy),
    heavy ? heavy.subRequests.toFixed(1) : '–',
    count(small),
    ...latencies(small),
    memoryMb === undefined ? '–' : `${Math.round(memoryMb)}`,
  ]
}

function count(sample: Sample | undefined): string {
  return sample ? Math.round(sample.perCore).toLocaleString('en') : '–'
}

function latencies(sample: Sample | undefined): readonly string[] {
  return sample ? [`${round(sample.p50Ms)}`, `${round(sample.p99Ms)}`] : ['–', '–']
}
