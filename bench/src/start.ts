import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/**
 * From typing `npm start` (already installed) to the first right federated answer over the real connection, npm's own
 * start included. The first run has an empty compile cache, as a fresh clone has, and is reported apart.
 */
const RUNS = 7
const ROOT = fileURLToPath(new URL('../../', import.meta.url))

const cache = await mkdtemp(join(tmpdir(), 'stoa-bench-'))
const runs: Run[] = []
for (let i = 0; i <= RUNS; i++) {
  const run = await startOnce()
  process.stderr.write(`${i === 0 ? 'first start' : `start ${i}`}: ${run.seconds.toFixed(2)} s\n`)
  runs.push(run)
}
await rm(cache, { recursive: true, force: true })

const [first, ...warm] = runs
const seconds = warm.map((run) => run.seconds).toSorted((a, b) => a - b)
const figures = {
  first_start_s: round(first?.seconds),
  median_s: round(seconds[Math.floor(seconds.length / 2)]),
  worst_s: round(seconds.at(-1)),
  /** Without npm: what the program itself prints. */
  own_median_s: round(
    warm.map((run) => run.ownSeconds).toSorted((a, b) => a - b)[Math.floor(warm.length / 2)],
  ),
  peak_memory_mb: Math.round(Math.max(...runs.map((run) => run.memoryMb))),
}
process.stdout.write(`${JSON.stringify({ name: 'start', figures })}\n`)

interface Run {
  readonly seconds: number
  readonly ownSeconds: number
  readonly memoryMb: number
}

async function startOnce(): Promise<Run> {
  const started = performance.now()
  const child = spawn('npm', ['start', '--silent', '--', '--port', '0'], {
    cwd: ROOT,
    env: { ...env, NODE_COMPILE_CACHE: cache },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes('"event":"ready"')) continue
    const seconds = (performance.now() - started) / 1000
    const { pid, firstAnswerMs } = JSON.parse(line)
    const memoryMb = await residentMb(pid)
    process.kill(pid, 'SIGTERM')
    await once(child, 'exit')
    return { seconds, ownSeconds: firstAnswerMs / 1000, memoryMb }
  }
  throw new Error('The shop ended before it was ready; its own output says why.')
}

/** Peak resident memory as the kernel has it; 0 where there is no /proc. */
async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024
}

function round(value = Number.NaN): number {
  return Math.round(value * 100) / 100
}
