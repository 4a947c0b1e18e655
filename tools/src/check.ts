import { fileURLToPath } from 'node:url'
import { runSteps, type Step } from './run-steps.ts'

/** In the order a person wants to hear it: what is generated, whether it holds, how it looks, how it hangs together. */
const steps: readonly Step[] = [
  { name: 'generated is fresh', command: ['node', 'schema/src/generate-main.ts', '--check'] },
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: 'lint and format', command: ['biome', 'check', '.'] },
  { name: 'import law', command: ['node', 'tools/src/import-law-main.ts'] },
  { name: 'unused', command: ['knip', '--no-progress'] },
  { name: 'breaking changes', command: ['node', 'schema/src/generate-main.ts', '--breaking'] },
]

const root = fileURLToPath(new URL('../../', import.meta.url))
process.exitCode = await runSteps(steps, { root, write: (text) => process.stdout.write(text) })
