import { parseArgs } from 'node:util'
import { type DeferReport, runDeferCases } from './defer-cases.ts'

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    'per-graph': { type: 'string', default: '100' },
    /** One case, `seed:index`. */
    only: { type: 'string' },
    verbose: { type: 'boolean' },
  },
})
const sum: DeferReport = { cases: 0, inParts: 0, parts: 0, differences: [] }
const tell = values.verbose ? (name: string) => void process.stderr.write(`${name}\n`) : () => {}
const perGraph = Number(values['per-graph'])
const [onlySeed = 0, onlyIndex = 0] = (values.only ?? '').split(':').map(Number)
if (values.only !== undefined) await add(onlySeed, onlyIndex, onlyIndex + 1)
else
  for (let left = Number(values.cases), seed = Number(values.seed); left > 0; left -= perGraph, seed += 1)
    await add(seed, 0, Math.min(perGraph, left))

async function add(seed: number, from: number, to: number): Promise<void> {
  const report = await runDeferCases({ seed, from, to, tell })
  sum.cases += report.cases
  sum.inParts += report.inParts
  sum.parts += report.parts
  sum.differences.push(...report.differences)
}
process.stdout.write(`${JSON.stringify({ ...sum, differences: sum.differences.slice(0, 3) })}\n`)
process.stderr.write(
  `${sum.differences.length} differences: ${sum.differences.map(({ name }) => name).join(' ')}\n`,
)
process.exitCode = sum.differences.length > 0 ? 1 : 0
