import { type Clock, sleep } from './clock.ts'
import type { Log } from './log.ts'
import type { Worker } from './worker.ts'

export interface KeepWorkers<Told, Facts> {
  readonly count: number
  readonly clock: Clock
  readonly log: Log
  start(): Worker<Told, Facts>
  /** Resolves once it serves. */
  open(worker: Worker<Told, Facts>): Promise<void>
  /** Called once it is among the running, with what may have changed while it opened. */
  catchUp?(worker: Worker<Told, Facts>): Promise<void>
}

/** Closing them lets their requests under way end. */
export interface Workers<Told, Facts> extends AsyncDisposable {
  readonly running: ReadonlySet<Worker<Told, Facts>>
}

/** A worker that ends soon after its start is started anew after a while that doubles each time. */
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 10_000
const WELL_MS = 30_000

/** Opens the first alone, as it finds the port, and the others together. From then on one that ends is started anew. */
export async function keepWorkers<Told, Facts>(
  parts: KeepWorkers<Told, Facts>,
): Promise<Workers<Told, Facts>> {
  const running = new Set<Worker<Told, Facts>>()
  const stop = new AbortController()
  const keeping: Keeping<Told, Facts> = { ...parts, running, signal: stop.signal }
  const keepers: Promise<void>[] = []
  await using opening = new AsyncDisposableStack()
  opening.defer(async () => {
    stop.abort()
    await Promise.all([...running].map((worker) => worker[Symbol.asyncDispose]()))
    await Promise.all(keepers)
  })
  const begin = async (): Promise<void> => {
    keepers.push(keep(keeping, await openOne(keeping)))
  }
  await begin()
  const others = await Promise.allSettled(Array.from({ length: parts.count - 1 }, begin))
  for (const other of others) if (other.status === 'rejected') throw other.reason
  const opened = opening.move()
  return { running, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

interface Keeping<Told, Facts> extends KeepWorkers<Told, Facts> {
  readonly running: Set<Worker<Told, Facts>>
  readonly signal: AbortSignal
}

async function openOne<Told, Facts>(keeping: Keeping<Told, Facts>): Promise<Worker<Told, Facts>> {
  const { running, log } = keeping
  const worker = keeping.start()
  await keeping.open(worker)
  running.add(worker)
  void worker.ended.then(() => running.delete(worker))
  log.info({ worker: worker.pid }, 'worker started')
  await keeping.catchUp?.(worker).catch(async (reason: unknown) => {
    await worker[Symbol.asyncDispose]()
    throw reason
  })
  return worker
}

async function keep<Told, Facts>(keeping: Keeping<Told, Facts>, first: Worker<Told, Facts>): Promise<void> {
  const { clock, log, signal } = keeping
  let worker: Worker<Told, Facts> | undefined = first
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const since = clock.now()
    const how = await worker?.ended
    if (signal.aborted) return
    if (how !== undefined) log.error({ how }, 'a worker ended; starting another')
    if (clock.now() - since > WELL_MS) pause = FIRST_PAUSE_MS
    await sleep(clock, pause, signal).catch(() => {})
    if (signal.aborted) return
    worker = await openOne(keeping).catch((err: unknown) => {
      log.error({ err }, 'a worker did not start')
      return undefined
    })
    // Stopped while it was opening.
    if (signal.aborted) await worker?.[Symbol.asyncDispose]()
  }
}
