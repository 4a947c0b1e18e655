import { type Clock, sleep, systemClock } from '@stoa/platform/clock'
import { Fault, toFault } from '@stoa/platform/fault'
import { invariant } from '@stoa/platform/invariant'
import type { Log } from '@stoa/platform/log'
import type { Service, ServiceFacts, ServiceParts } from './service.ts'
import { startWorker, type Worker } from './worker.ts'

/** A worker that ends soon after its start is started anew after a while that doubles each time. */
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 10_000
const WELL_MS = 30_000

/**
 * A service of several processes on one port; each has its own graph, all take the same supergraph. A worker that
 * ends is started anew, with the supergraph that is served then.
 */
export async function openWorkers(parts: ServiceParts): Promise<Service> {
  const { options } = parts
  const stop = new AbortController()
  const state: State = {
    ...parts,
    clock: systemClock,
    facts: undefined,
    refused: undefined,
    workers: new Set(),
  }
  await using opening = new AsyncDisposableStack()
  const keepers: Promise<void>[] = []
  opening.defer(async () => {
    stop.abort()
    await Promise.all([...state.workers].map((worker) => worker[Symbol.asyncDispose]()))
    await Promise.all(keepers)
  })
  for (let i = 0; i < options.workers; i++) keepers.push(keep(state, await openWorker(state), stop.signal))
  const opened = opening.move()
  return {
    facts: () => known(state),
    take: (supergraph) => takeAll(state, supergraph),
    refuse(digest) {
      state.refused = digest
      for (const worker of state.workers) worker.tell({ type: 'refuse', digest })
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

interface State {
  readonly clock: Clock
  readonly log: Log
  readonly workers: Set<Worker>
  supergraph: string
  facts: ServiceFacts | undefined
  refused: string | undefined
}

/** Throws when no worker takes it. One that fails alone is ended, and another started with what is served then. */
async function takeAll(state: State, supergraph: string): Promise<void> {
  const before = state.supergraph
  state.supergraph = supergraph
  const asked = [...state.workers].map(async (worker) => {
    const facts = await worker.ask({ type: 'take', supergraph }).catch((reason: unknown) => toFault(reason))
    return { worker, facts }
  })
  const answers = await Promise.all(asked)
  const failed = answers.flatMap(({ worker, facts }) => (facts instanceof Fault ? { worker, facts } : []))
  if (failed[0] && failed.length === answers.length) {
    state.supergraph = before
    throw failed[0].facts
  }
  state.refused = undefined
  for (const { facts } of answers) if (!(facts instanceof Fault)) state.facts = facts
  for (const { worker, facts: err } of failed) {
    state.log.warn({ err, worker: worker.pid }, 'a worker did not take the supergraph; it is replaced')
    void worker[Symbol.asyncDispose]()
  }
}

function known({ facts }: State): ServiceFacts {
  invariant(facts, 'every worker told its facts when it was ready')
  return facts
}

async function openWorker(state: State): Promise<Worker> {
  const { supergraph, workers, log } = state
  const worker = startWorker()
  state.facts = await worker.ask({ type: 'open', supergraph })
  workers.add(worker)
  void worker.ended.then(() => workers.delete(worker))
  log.info({ worker: worker.pid }, 'worker started')
  // Another supergraph may have been taken while this one was opening the last.
  if (state.supergraph !== supergraph) await worker.ask({ type: 'take', supergraph: state.supergraph })
  if (state.refused !== undefined) worker.tell({ type: 'refuse', digest: state.refused })
  return worker
}

async function keep(state: State, first: Worker, signal: AbortSignal): Promise<void> {
  const { clock, log } = state
  let worker: Worker | undefined = first
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const since = clock.now()
    const how = await worker?.ended
    if (signal.aborted) return
    if (how !== undefined) log.error({ how }, 'a worker ended; starting another')
    if (clock.now() - since > WELL_MS) pause = FIRST_PAUSE_MS
    await sleep(clock, pause, signal).catch(() => {})
    if (signal.aborted) return
    worker = await openWorker(state).catch((err: unknown) => {
      log.error({ err }, 'a worker did not start')
      return undefined
    })
    // Stopped while it was opening.
    if (signal.aborted) await worker?.[Symbol.asyncDispose]()
  }
}
