import { barPlot } from './plot.ts'
import { type Row, round } from './results.ts'

export interface Report {
  /** ISO date. */
  readonly measured: string
  readonly machine: string
  readonly shape: string
  readonly rows: readonly Row[]
  readonly figures: Readonly<Record<string, number>>
}

/** One self-contained page: plots, table, how it was measured. */
export function reportPage(report: Report): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stoa: gateways side by side</title>
<style>${STYLE}</style>
<main>
<h1>Gateways side by side</h1>
<p>${escapeHtml(summary(report))}</p>
<div class="plots">
${barPlot('Heavy query: requests per second per core', bars(report.rows, 'heavy'))}
${barPlot('Small query: requests per second per core', bars(report.rows, 'small'))}
${barPlot('Memory after the heavy query, MB', memory(report.rows))}
</div>
<h2>Figures</h2>
${table(report.rows)}
${absent(report.rows)}
<h2>How it was measured</h2>
<p>${escapeHtml(report.machine)} ${escapeHtml(report.shape)}</p>
<p>Four subgraphs in one process answer from memory at nearly no cost. The heavy query walks from users over reviews and
products to reviews, authors and products again, and from the top products likewise: about 87 kB. The small query asks
one subgraph for one user: about 100 bytes. Every answer is compared with one execution of the merged schema by
graphql-js. <b>Per core</b> is 1000 divided by the gateway’s CPU milliseconds for one request, all its threads included:
a busy machine disturbs that less than requests per second.</p>
<p>Figures compare only where the same is shared. <b>Nothing shared</b>: every request asks the subgraphs for itself, as
requests of different customers must. <b>Sub-requests shared</b>: identical ones that are under way together are asked
once, which this load of one query favours more than any real one. <b>In process</b>: no network to the subgraphs.</p>
<p>Apollo Gateway 2.14.4 runs on Apollo Server 5.5.1. Hive Gateway 2.15.1 runs with its router runtime 1.4.23. Grafbase is
the development server of its command line program, 0.103.0, as its gateway is not published to npm. <b>By hand</b> is
code for these two queries alone on undici and node:http: two fixed plans, parse, project, stringify.</p>
</main>
</html>
`
}

function summary({ measured, figures }: Report): string {
  const ratios = [
    ['heavy_vs_apollo', 'Apollo Gateway'],
    ['heavy_vs_hive', 'Hive Gateway with the Rust planner'],
    ['heavy_vs_grafbase', 'Grafbase'],
  ].flatMap(([name = '', whose]) => {
    const value = figures[name]
    return value === undefined ? [] : [`${round(value)} times ${whose}`]
  })
  const compared =
    ratios.length === 0 ? '' : ` Heavy query, nothing shared, per core: Stoa does ${ratios.join(', ')}.`
  return `Measured on ${measured}, all in the same run and in turn; medians.${compared}`
}

function bars(rows: readonly Row[], query: 'heavy' | 'small'): Parameters<typeof barPlot>[1] {
  return rows.flatMap(({ label, sharing, kind, [query]: sample }) =>
    sample ? [{ label: `${label} · ${sharing}`, value: sample.perCore, isOurs: kind === 'ours' }] : [],
  )
}

function memory(rows: readonly Row[]): Parameters<typeof barPlot>[1] {
  return rows.flatMap(({ label, sharing, kind, memoryMb }) =>
    memoryMb === undefined
      ? []
      : [{ label: `${label} · ${sharing}`, value: memoryMb, isOurs: kind === 'ours' }],
  )
}

const COLUMNS = ['Gateway', 'Sharing', 'Heavy /s·core', 'p50 ms', 'p99 ms', 'Sub-requests', 'Small /s·core']
const MORE_COLUMNS = ['p50 ms', 'p99 ms', 'Memory MB']

function table(rows: readonly Row[]): string {
  const head = [...COLUMNS, ...MORE_COLUMNS].map((name) => `<th>${name}</th>`).join('')
  const lines = rows.filter((row) => row.absent === undefined).map(tableRow)
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>\n${lines.join('\n')}\n</tbody></table></div>`
}

function tableRow({ label, sharing, kind, heavy, small, memoryMb }: Row): string {
  const figures = [
    ...[heavy?.perCore, heavy?.p50Ms, heavy?.p99Ms, heavy?.subRequests],
    ...[small?.perCore, small?.p50Ms, small?.p99Ms, memoryMb],
  ]
  const cells = figures.map(
    (value) => `<td>${value === undefined ? '–' : round(value).toLocaleString('en')}</td>`,
  )
  const isOurs = kind === 'ours' ? ' class="ours"' : ''
  return `<tr${isOurs}><th>${escapeHtml(label)}</th><td>${sharing}</td>${cells.join('')}</tr>`
}

function absent(rows: readonly Row[]): string {
  const lines = rows.flatMap(({ label, sharing, absent: why }) =>
    why === undefined ? [] : [`<li>${escapeHtml(`${label} (${sharing}): ${why}`)}</li>`],
  )
  return lines.length === 0 ? '' : `<h2>Not measured</h2><ul>${lines.join('')}</ul>`
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--line:#d9dee5;--paper:#fff;--ours:#0b7a55;--peer:#8a97a8}
@media(prefers-color-scheme:dark){:root{--ink:#e8ecf1;--soft:#a2adbb;--line:#333c48;--paper:#14181e;--ours:#3ecf9a;--peer:#6d7a8b}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
main{max-width:1280px;margin:0 auto;padding:24px 16px 48px}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .5rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}
p,ul{max-width:75ch}
.plots{display:grid;gap:24px;grid-template-columns:repeat(auto-fit,minmax(min(100%,370px),1fr))}
figure{margin:0}figcaption{font-weight:600;margin-bottom:6px}
svg{display:block;width:100%;overflow:visible}
svg text{font:13px system-ui,sans-serif;fill:var(--ink)}svg .value{font-weight:600;font-variant-numeric:tabular-nums}
svg .ours{fill:var(--ours)}svg .peer{fill:var(--peer)}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums;min-width:100%}
th,td{padding:6px 8px;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
thead th{color:var(--soft);font-weight:500}tbody th{font-weight:400}
th:first-child,td:nth-child(2),th:nth-child(2){text-align:left}tr.ours th,tr.ours td{font-weight:600}
`
