import { systemClock } from '@stoa/platform/clock'
import { type Fault, toFault } from '@stoa/platform/fault'
import { invariant } from '@stoa/platform/invariant'
import { keepWorkers } from '@stoa/platform/keep-workers'
import { startWorker } from '@stoa/platform/worker'
import type { Service, ServiceFacts, ServiceParts } from './service.ts'
import type { ServiceWorker, Told } from './worker-messages.ts'

/**
 * A service of several processes on one port; each has its own graph, all take the same supergraph. A worker that
 * ends is started anew, with the supergraph that is served then.
 */
export async function openWorkers({ options, supergraph, log }: ServiceParts): Promise<Service> {
  const state: State = { supergraph, facts: undefined, refused: undefined, taken: new WeakMap() }
  const workers = await keepWorkers<Told, ServiceFacts>({
    ...{ count: options.workers, clock: systemClock, log },
    start: () => startWorker(new URL('./main.ts', import.meta.url)),
    open: (worker) => take(state, worker),
    catchUp: (worker) => catchUp(state, worker),
  })
  return {
    facts: () => known(state),
    async take(next) {
      const failed = await takeAll(state, workers.running, next)
      for (const { worker, reason } of failed) {
        log.warn({ err: reason, worker: worker.pid }, 'a worker did not take the supergraph; it is replaced')
        void worker[Symbol.asyncDispose]()
      }
    },
    refuse(digest) {
      state.refused = digest
      for (const worker of workers.running) worker.tell({ type: 'refuse', digest })
    },
    [Symbol.asyncDispose]: () => workers[Symbol.asyncDispose](),
  }
}

interface State {
  supergraph: string
  facts: ServiceFacts | undefined
  refused: string | undefined
  /** Which supergraph each worker took last. */
  readonly taken: WeakMap<ServiceWorker, string>
}

interface Failed {
  readonly worker: ServiceWorker
  readonly reason: Fault
}

/** Throws when no worker takes it. Answers those that failed alone; others will be started with what is served then. */
async function takeAll(
  state: State,
  workers: ReadonlySet<ServiceWorker>,
  supergraph: string,
): Promise<readonly Failed[]> {
  const before = state.supergraph
  state.supergraph = supergraph
  const asked = [...workers].map((worker) =>
    take(state, worker).then(
      () => undefined,
      (reason: unknown): Failed => ({ worker, reason: toFault(reason) }),
    ),
  )
  const failed = (await Promise.all(asked)).filter((one) => one !== undefined)
  if (failed[0] && failed.length === asked.length) {
    state.supergraph = before
    throw failed[0].reason
  }
  state.refused = undefined
  return failed
}

async function take(state: State, worker: ServiceWorker): Promise<void> {
  const { supergraph } = state
  state.facts = await worker.ask({ type: 'take', supergraph })
  state.taken.set(worker, supergraph)
}

/** Another supergraph may have been taken, or refused, while this worker was opening the last. */
async function catchUp(state: State, worker: ServiceWorker): Promise<void> {
  if (state.taken.get(worker) !== state.supergraph) await take(state, worker)
  if (state.refused !== undefined) worker.tell({ type: 'refuse', digest: state.refused })
}

function known({ facts }: State): ServiceFacts {
  invariant(facts, 'every worker told its facts when it was ready')
  return facts
}
