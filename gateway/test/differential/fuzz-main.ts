import { parseArgs } from 'node:util'
import { fuzz } from './fuzz.ts'
import { generatedShares, type Report } from './report.ts'

const SHOWN = 5

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '10000' },
    'per-graph': { type: 'string', default: '100' },
    processes: { type: 'string', default: '2' },
  },
})
const [cases = 0, seed = 0, perGraph = 1, processes = 1] = [
  ...[values.cases, values.seed, values['per-graph'], values.processes],
].map(wholeNumber)

let told = 0
const report = await fuzz({ cases, seed, perGraph, processes, tell })
for (const one of report.differences.slice(0, SHOWN))
  process.stderr.write(`${JSON.stringify(one, null, 1)}\n`)
const differences = report.differences.map(({ name, way, trouble }) =>
  `${name} ${way} ${trouble?.kind ?? ''}`.trim(),
)
process.stdout.write(
  `${JSON.stringify({ ...report, differences, generatedShares: generatedShares(report) })}\n`,
)
process.exitCode = wrong(report) > 0 ? 1 : 0

function tell(sum: Report): void {
  if (sum.cases - told < 1_000) return
  told = sum.cases
  const wrong = `${sum.differences.length} differences, ${sum.crashes.length} crashes, ${sum.panics.length} panics`
  process.stderr.write(`${sum.cases} cases, ${wrong}\n`)
}

function wrong({ differences, crashes, panics, unplanned, unhandled }: Report): number {
  return differences.length + crashes.length + panics.length + unplanned + unhandled
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`Expected a whole number, got ${JSON.stringify(text)}.`)
  return Number(text)
}
