import cluster, { type Worker as Forked } from 'node:cluster'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Fault } from './fault.ts'
import { type FromWorker, readMessage, type ToWorker } from './worker-messages.ts'

/**
 * One of several processes that share ports, as the first process sees it: it is told `Told` and answers with
 * `Facts`. Closing it lets its requests under way end.
 */
export interface Worker<Told, Facts> extends AsyncDisposable {
  readonly pid: number | undefined
  /** One at a time. Throws what the worker failed with, or that it ended before it answered. */
  ask(told: Told): Promise<Facts>
  tell(told: Told): void
  /** Resolves when the process has ended, with how. */
  readonly ended: Promise<string>
}

/** Longer than a worker lets its requests go on. */
const STOP_MS = 15_000

/**
 * Runs `program` with the command line of this process, and `flags` of Node's besides. What it listens on, all workers
 * share.
 */
export function startWorker<Told, Facts>(program: URL, flags: readonly string[] = []): Worker<Told, Facts> {
  cluster.setupPrimary({ exec: fileURLToPath(program), execArgv: [...process.execArgv, ...flags] })
  const forked = cluster.fork()
  const ended = once(forked, 'exit').then(
    ([code, signal]) => `worker ${forked.process.pid} ended (${signal ?? `exit code ${code}`})`,
  )
  const gone = ended.then((how) => {
    throw new Fault('UPSTREAM_UNAVAILABLE', `${how} before it answered. Its own output says why.`)
  })
  gone.catch(() => {})
  return {
    pid: forked.process.pid,
    ended,
    tell: (told) => send(forked, { type: 'tell', told }),
    async ask(told) {
      const answer = once(forked, 'message')
      send(forked, { type: 'ask', told })
      const [first] = await Promise.race([answer, gone])
      const answered = readMessage<FromWorker<Facts>>(first)
      if (answered.type === 'failed') throw new Fault(answered.code, answered.message)
      return answered.facts
    },
    async [Symbol.asyncDispose]() {
      send(forked, { type: 'stop' })
      const hard = setTimeout(() => forked.process.kill('SIGKILL'), STOP_MS)
      await ended
      clearTimeout(hard)
    },
  }
}

/** One that just ended hears nothing; its end is told elsewhere. */
function send<Told>(forked: Forked, message: ToWorker<Told>): void {
  if (forked.isConnected()) forked.send(message, () => {})
}
