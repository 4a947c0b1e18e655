import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { openRedis, type RedisConnection } from '@stoa/platform/redis-connection'
import { startRedis } from '@stoa/servers/redis'
import { cpuMs, residentMb } from '../gateway/process-cost.ts'
import { type SetName, setNames } from './documents.ts'

// The first request of each of many documents in a new gateway: planned here, planned here and put into Redis, or
// found there; in turns, each in a process of its own. Linux. Run: npm run bench:plans -- [rounds]

const [rounds = 5] = process.argv.slice(2).map(Number)
const modes = ['alone', 'empty', 'filled'] as const
type Mode = (typeof modes)[number]

const program = fileURLToPath(new URL('./cold-gateway-main.ts', import.meta.url))
await using server = await startRedis()
await using redis = openRedis({
  ...{ url: server.endpoint, clock: systemClock, random: systemRandom, log: silentLog },
  timeoutMs: 5_000,
})
while (!(await redis.command(['PING']).then(Boolean, () => false))) await wait(20)

const figures: Record<string, number> = { rounds }
for (const set of setNames) Object.assign(figures, print(await measureSet(set)))
process.stdout.write(`${JSON.stringify({ name: 'plans', figures })}\n`)

interface Run {
  /** Of the first document, and of the median of the others. */
  readonly firstMs: number
  readonly nextMs: number
  readonly allMs: number
  /** Of all processes of the gateway, for these documents alone. */
  readonly cpuMs: number
  /** From its start to the last document. */
  readonly totalCpuMs: number
  readonly memoryMb: number
  readonly redisCpuMs: number
}

async function measureSet(set: SetName): Promise<Record<string, number>> {
  const runs: Record<Mode, Run[]> = { alone: [], empty: [], filled: [] }
  let bytes = 0
  for (let round = 0; round < rounds; round += 1) {
    await redis.command(['FLUSHALL'])
    // What is found by the last was put there by the second.
    for (const mode of modes) runs[mode].push(await runOnce(set, mode))
    bytes = await bytesPerPlan(redis)
  }
  const names = ['firstMs', 'nextMs', 'allMs', 'cpuMs', 'totalCpuMs', 'memoryMb', 'redisCpuMs'] as const
  const found = modes.flatMap((mode) =>
    names.map((name) => [`${set}.${mode}.${name}`, median(runs[mode].map((run) => run[name]))] as const),
  )
  return { ...Object.fromEntries(found), [`${set}.bytesPerPlan`]: bytes }
}

async function runOnce(set: SetName, mode: Mode): Promise<Run> {
  const child = fork(program, [set, ...(mode === 'alone' ? [] : [server.endpoint])], {
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const ended = once(child, 'exit').then(() => {
    throw new Error(`The gateway with ${set} ended by itself.`)
  })
  // Its end is looked at only where it is waited for.
  ended.catch(() => {})
  const told = (): Promise<unknown[]> => Promise.race([once(child, 'message'), ended])
  try {
    await told()
    const pid = child.pid ?? 0
    const [startCpu, redisCpu] = [cpuMs(pid), await redisCpuMs()]
    child.send('go')
    const { times, hits, writes } = readDone((await told())[0])
    checkUses(mode, times.length, { hits, writes })
    const [first = 0, ...next] = times
    return {
      ...{ firstMs: first, nextMs: median(next), allMs: sum(times) },
      ...{ cpuMs: cpuMs(pid) - startCpu, totalCpuMs: cpuMs(pid), memoryMb: residentMb(pid) },
      redisCpuMs: (await redisCpuMs()) - redisCpu,
    }
  } finally {
    child.kill('SIGKILL')
  }
}

interface Done {
  readonly times: readonly number[]
  readonly hits: number
  readonly writes: number
}

/** What our own program says. */
function readDone(message: unknown): Done {
  return message as Done
}

/** A figure for something else than was meant is a lie. */
function checkUses(mode: Mode, documents: number, { hits, writes }: { hits: number; writes: number }): void {
  const isRight = {
    alone: hits === 0 && writes === 0,
    empty: hits === 0 && writes >= documents - 1,
    filled: hits >= documents && writes === 0,
  }[mode]
  if (!isRight) throw new Error(`${mode}: ${documents} documents, ${hits} found, ${writes} written.`)
}

async function redisCpuMs(): Promise<number> {
  const told = String(await redis.command(['INFO', 'cpu']))
  const used = ['used_cpu_user', 'used_cpu_sys'].map(
    (name) => new RegExp(`${name}:([\\d.]+)`).exec(told)?.[1],
  )
  return sum(used.map(Number)) * 1_000
}

/** What Redis says that a plan takes there, its key and its place in the table included. */
async function bytesPerPlan(connection: RedisConnection): Promise<number> {
  const keys = await connection.command(['KEYS', 'stoa:plan:*'])
  const names = Array.isArray(keys) ? keys.map(String) : []
  const sizes = await Promise.all(names.map((name) => connection.command(['MEMORY', 'USAGE', name])))
  return Math.round(sum(sizes.map(Number)) / sizes.length)
}

function median(values: readonly number[]): number {
  const at = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
  return Math.round(at * 100) / 100
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function print(found: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  for (const [name, value] of Object.entries(found))
    process.stderr.write(`${name.padEnd(32)} ${value.toLocaleString('en').padStart(10)}\n`)
  return found
}
