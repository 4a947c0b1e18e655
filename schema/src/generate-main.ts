import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { findBreaking } from './breaking.ts'
import type { CompositionProblem } from './composition-problem.ts'
import { generateArtifacts } from './generate/artifacts.ts'
import { describeStale, writeArtifacts } from './generate/freshness.ts'
import { markRelease, readReleased } from './generate/released.ts'

/*
 * npm run generate                 writes what follows from the contracts
 * npm run generate -- --check      fails when something committed is stale; writes nothing
 * npm run generate -- --breaking   fails when something would break for those who use the last release
 * npm run generate -- --release    writes, then makes this the release to compare with
 */
const root = new URL('../../', import.meta.url)
const { values: mode } = parseArgs({
  options: { check: { type: 'boolean' }, breaking: { type: 'boolean' }, release: { type: 'boolean' } },
})

process.exitCode = mode.breaking ? checkBreaking() : await generate()

async function generate(): Promise<number> {
  const generated = await generateArtifacts(root)
  if (!generated.ok) return fail(generated.error.map(describeProblem))
  if (mode.check) {
    const stale = describeStale(root, generated.value)
    return stale.length > 0 ? fail([...stale, 'Run `npm run generate` and commit what it writes.']) : 0
  }
  const written = writeArtifacts(root, generated.value)
  if (mode.release) markRelease(root)
  process.stdout.write(
    `${written.length > 0 ? written.map((path) => `wrote ${path}`).join('\n') : 'all fresh'}\n`,
  )
  return 0
}

function checkBreaking(): number {
  const released = readReleased(root)
  if (!released) return fail(['No release to compare with. Run `npm run generate -- --release`.'])
  const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
  const current = { api: read('schema/api.graphql'), events: read('schema/events.graphql') }
  const breaking = findBreaking(released, current)
  if (breaking.length === 0) return 0
  return fail([
    ...breaking.map(({ contract, message }) => `${contract}: ${message}`),
    'Add beside what is there and deprecate that. If it must break, run `npm run generate -- --release` and say why.',
  ])
}

function describeProblem({ code, file, line, message, hint }: CompositionProblem): string {
  const where = file === undefined ? '' : ` at ${file}${line === undefined ? '' : `:${line}`}`
  return `${code}${where}: ${message}\n  ${hint}`
}

function fail(lines: readonly string[]): number {
  process.stderr.write(`${lines.join('\n')}\n`)
  return 1
}
