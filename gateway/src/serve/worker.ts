import cluster, { type Worker as Forked } from 'node:cluster'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Fault } from '@stoa/platform/fault'
import type { ServiceFacts } from './service.ts'
import { type FromWorker, readMessage, type ToWorker } from './worker-messages.ts'

/** One worker, as the first process sees it. Closing it lets its requests under way end. */
export interface Worker extends AsyncDisposable {
  readonly pid: number | undefined
  /** Throws what the worker failed with, or that it ended before it answered. */
  ask(message: ToWorker): Promise<ServiceFacts>
  tell(message: ToWorker): void
  /** Resolves when the process has ended, with how. */
  readonly ended: Promise<string>
}

/** Longer than a worker lets its requests go on. */
const STOP_MS = 15_000

/** With the same command line as this process. */
export function startWorker(): Worker {
  cluster.setupPrimary({ exec: fileURLToPath(new URL('./main.ts', import.meta.url)) })
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
    tell: (message) => void tell(forked, message),
    async ask(message) {
      const answer = once(forked, 'message')
      tell(forked, message)
      const [first] = await Promise.race([answer, gone])
      const answered = readMessage<FromWorker>(first)
      if (answered.type === 'failed') throw new Fault(answered.code, answered.message)
      return answered.facts
    },
    async [Symbol.asyncDispose]() {
      tell(forked, { type: 'stop' })
      const hard = setTimeout(() => forked.process.kill('SIGKILL'), STOP_MS)
      await ended
      clearTimeout(hard)
    },
  }
}

/** One that just ended hears nothing; its end is told elsewhere. */
function tell(forked: Forked, message: ToWorker): void {
  if (forked.isConnected()) forked.send(message, () => {})
}
