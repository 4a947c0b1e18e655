import { spawn } from 'node:child_process'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Step {
  readonly name: string
  readonly command: readonly [string, ...string[]]
}

interface Outcome {
  readonly ok: boolean
  readonly output: string
  readonly seconds: number
}

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
const started = performance.now()
let failed = 0
for (const step of steps) {
  const outcome = await run(step)
  if (!outcome.ok) failed++
  report(step, outcome)
}
const figures = { steps: steps.length, failed, seconds: seconds(performance.now() - started) }
process.stdout.write(`${JSON.stringify({ name: 'check', figures })}\n`)
process.exitCode = failed > 0 ? 1 : 0

function report({ name, command }: Step, { ok, output, seconds }: Outcome): void {
  process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`)
  if (!ok) process.stdout.write(`${output.trimEnd()}\n  again: ${command.join(' ')}\n`)
}

/** With the repository's own tools and Node first in the path. */
function run({ command }: Step): Promise<Outcome> {
  const [program, ...args] = command
  const path = `${root}node_modules/.bin${delimiter}${process.env['PATH'] ?? ''}`
  const begun = performance.now()
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, PATH: path },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    const end = (ok: boolean, output: string): void =>
      resolve({ ok, output, seconds: seconds(performance.now() - begun) })
    child.once('error', (error) => end(false, error.message))
    child.once('close', (code) => end(code === 0, Buffer.concat(chunks).toString()))
  })
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10
}
