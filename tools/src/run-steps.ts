import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'

export interface Step {
  readonly name: string
  readonly command: readonly [string, ...string[]]
}

export interface StepsPlace {
  readonly root: string
  readonly write: (text: string) => void
}

interface Outcome {
  readonly ok: boolean
  readonly output: string
  readonly seconds: number
}

/** Runs one after another, all of them, and tells what those that failed said. Answers the exit code. */
export async function runSteps(steps: readonly Step[], { root, write }: StepsPlace): Promise<number> {
  const started = performance.now()
  let failed = 0
  for (const step of steps) {
    const outcome = await run(step, root)
    if (!outcome.ok) failed++
    write(report(step, outcome))
  }
  const figures = { steps: steps.length, failed, seconds: seconds(performance.now() - started) }
  write(`${JSON.stringify({ name: 'check', figures })}\n`)
  return failed > 0 ? 1 : 0
}

function report({ name, command }: Step, { ok, output, seconds }: Outcome): string {
  const line = `${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`
  return ok ? line : `${line}${output.trimEnd()}\n  again: ${command.join(' ')}\n`
}

/** With the repository's own tools and Node first in the path. */
function run({ command }: Step, root: string): Promise<Outcome> {
  const [program, ...args] = command
  const path = `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`
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
