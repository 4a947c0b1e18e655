import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/**
 * From the start of the process to the first right federated answer, over the real connection, on an installed
 * checkout. The first run fills Node's compile cache and is reported apart: it is what a fresh clone's first start costs.
 */
const RUNS = 7
const MAIN = fileURLToPath(new URL('../../app/src/main.ts', import.meta.url))

const runs: Run[] = []
for (let i = 0; i <= RUNS; i++) runs.push(await startOnce())
const [first, ...warm] = runs
const seconds = warm.map((run) => run.seconds).toSorted((a, b) => a - b)
const median = seconds[Math.floor(seconds.length / 2)] ?? Number.NaN
process.stdout.write(
  `first ${first?.seconds.toFixed(2)} s, then ${seconds.map((value) => value.toFixed(2)).join(' ')} s\n`,
)
process.stdout.write(
  `${JSON.stringify({
    name: 'start',
    figures: {
      first_start_s: round(first?.seconds ?? Number.NaN),
      median_s: round(median),
      worst_s: round(seconds.at(-1) ?? Number.NaN),
      peak_memory_mb: Math.round(Math.max(...runs.map((run) => run.memoryMb))),
      target_s: 3,
    },
  })}\n`,
)

interface Run {
  readonly seconds: number
  readonly memoryMb: number
}

async function startOnce(): Promise<Run> {
  const started = performance.now()
  const child = spawn(process.execPath, [MAIN, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes('"event":"ready"')) continue
    const seconds = (performance.now() - started) / 1000
    const memoryMb = await residentMb(child.pid ?? 0)
    child.kill('SIGTERM')
    await once(child, 'exit')
    return { seconds, memoryMb }
  }
  throw new Error('The shop ended before it was ready; its own output says why.')
}

/** Resident memory as the kernel has it; 0 where there is no /proc. */
async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
