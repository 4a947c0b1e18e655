import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startWorker, type Worker } from './command.ts'
import { watchDisturbance } from './disturbance.ts'
import { installPeers, missingOf } from './install-peers.ts'
import { takeSample } from './measure.ts'
import { type BenchOptions, helpText, parseBenchOptions } from './options.ts'
import { isPinned, onCore } from './pin.ts'
import { residentMb } from './process-cost.ts'
import { topFunctions } from './profile.ts'
import { writeReport } from './report.ts'
import { figuresOf, type Outcome, summarise } from './results.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { type OpenSite, openSite } from './site.ts'
import { textTable } from './text-table.ts'

/**
 * Our gateway beside others, in one run: the same four subgraphs, the same two queries, in turn. `--help` lists what
 * can be asked for; bench/README.md says what the figures mean.
 */
const options = readOptions()
if (options === 'help') process.stdout.write(helpText)
else if (process.platform !== 'linux') say('This bench reads CPU time from /proc: it needs Linux.')
else if (options !== undefined) await run(options)

function readOptions(): BenchOptions | 'help' | undefined {
  try {
    return parseBenchOptions(process.argv.slice(2))
  } catch (reason) {
    say(reason instanceof Error ? reason.message : String(reason))
    process.exitCode = 1
    return undefined
  }
}

async function run(bench: BenchOptions): Promise<void> {
  if (!isPinned) say('There is no taskset here: nothing is pinned to a core, so expect more noise.')
  const isPeerAsked = bench.contestants.some(({ needs }) => needs.length > 0)
  const problem = isPeerAsked ? installPeers() : undefined
  await using site = await openSite()
  const file = fileURLToPath(new URL('./load-main.ts', import.meta.url))
  await using load = startWorker('load', onCore('others', [process.execPath, file]))
  if (bench.profile) return await profile(bench, { site, load })
  const disturbanceSince = watchDisturbance()
  const outcomes = await measureAll(bench, { site, load }, problem)
  const disturbance = disturbanceSince()
  const rows = outcomes.map(summarise)
  const figures = figuresOf(rows)
  say(`\n${textTable(rows)}`)
  say(`${Math.round(disturbance * 100)} % of the machine was busy with other things meanwhile.\n`)
  if (bench.report) await writeReport({ ...bench, rows, figures, isPinned, disturbance })
  process.stdout.write(`${JSON.stringify({ name: 'gateway', figures })}\n`)
  if (rows.some(({ kind, absent }) => kind === 'ours' && absent !== undefined)) process.exitCode = 1
}

interface Place {
  readonly site: OpenSite
  readonly load: Worker
}

async function measureAll(
  bench: BenchOptions,
  place: Place,
  problem: string | undefined,
): Promise<readonly Outcome[]> {
  await using started = new AsyncDisposableStack()
  const outcomes = new Map<string, Outcome>()
  const running: RunningGateway[] = []
  for (const contestant of bench.contestants) {
    const opened = missingOf(contestant, problem) ?? (await open(contestant, place.site))
    if (typeof opened === 'string') outcomes.set(contestant.id, { contestant, samples: [], absent: opened })
    else running.push(started.use(opened))
    say(`${contestant.id}: ${typeof opened === 'string' ? opened : 'answers right'}`)
  }
  for (const gateway of running) outcomes.set(gateway.contestant.id, await firstHeavy(gateway, bench, place))
  for (let round = 1; round <= bench.rounds; round += 1)
    for (const gateway of running) await oneRound(gateway, { bench, place, outcomes, round })
  return bench.contestants.flatMap(({ id }) => outcomes.get(id) ?? [])
}

async function open(contestant: Outcome['contestant'], site: OpenSite): Promise<RunningGateway | string> {
  try {
    return await startGateway(contestant, site)
  } catch (reason) {
    return reason instanceof Error ? reason.message : String(reason)
  }
}

/** Long enough for the compiler to have seen it all; with `--memory` the minute after which memory is read. */
async function firstHeavy(
  { contestant, ...gateway }: RunningGateway,
  bench: BenchOptions,
  place: Place,
): Promise<Outcome> {
  const shape = { connections: bench.connections, warmSeconds: bench.warmSeconds }
  const query = bench.queries[0] ?? 'heavy'
  await takeSample({ contestant, ...gateway }, place, { ...shape, query, seconds: bench.memory ? 60 : 1 })
  if (!bench.memory) return { contestant, samples: [] }
  const memoryMb = residentMb(gateway.pid)
  say(`${contestant.id}: ${Math.round(memoryMb)} MB after a minute`)
  return { contestant, samples: [], memoryMb }
}

interface Round {
  readonly bench: BenchOptions
  readonly place: Place
  readonly outcomes: Map<string, Outcome>
  readonly round: number
}

async function oneRound(gateway: RunningGateway, { bench, place, outcomes, round }: Round): Promise<void> {
  const { contestant, pid } = gateway
  for (const query of bench.queries.filter((name) => contestant.queries.includes(name))) {
    const { connections, seconds } = bench
    const sample = await takeSample(gateway, place, { query, connections, seconds, warmSeconds: 1 })
    const before = outcomes.get(contestant.id)
    const memoryMb = query === 'small' || bench.memory ? before?.memoryMb : residentMb(pid)
    const samples = [...(before?.samples ?? []), sample]
    outcomes.set(contestant.id, { contestant, samples, ...(memoryMb !== undefined && { memoryMb }) })
    const { perCore, perSecond, busy, subRequests } = sample
    say(
      `round ${round}  ${contestant.id.padEnd(16)} ${query}  ${Math.round(perCore)} /s per core  ` +
        `(${Math.round(perSecond)} /s, core ${Math.round(busy * 100)} % busy, ${subRequests.toFixed(2)} sub-requests)`,
    )
  }
}

async function profile(bench: BenchOptions, { site, load }: Place): Promise<void> {
  for (const contestant of bench.contestants)
    for (const query of bench.queries) {
      const folder = join(site.folder, `${contestant.id}-${query}`)
      const gateway = await startGateway(contestant, site, ['--cpu-prof', `--cpu-prof-dir=${folder}`])
      const { connections, seconds } = bench
      const shape = { query, connections, seconds, warmSeconds: seconds + 1 }
      const { perCore } = await takeSample(gateway, { site, load }, shape)
      await gateway[Symbol.asyncDispose]()
      process.stdout.write(
        `\n${contestant.id}, ${query}: ${Math.round(perCore)} /s per core under the profiler\n`,
      )
      process.stdout.write(topFunctions(folder))
    }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
