import type { Clock } from '../clock.ts'
import type { Envelope } from '../event.ts'
import type { Consumer, Delivery } from '../event-bus.ts'
import { Fault, toFault } from '../fault.ts'
import { createDeadlineQueue } from './deadline-queue.ts'

/** Runs single tries of one consumer, each under its deadline. */
export interface Attempts {
  /** Resolves with the fault, or with undefined when the event was handled. Never rejects. */
  run(
    event: Envelope,
    nth: { readonly attempt: number; readonly replay: boolean },
  ): Promise<Fault | undefined>
  /** Aborts whatever still runs. */
  abort(): void
}

/** How long a handler may take to notice that its signal was aborted before its stream goes on without it. */
const GRACE_MS = 5000

interface Try {
  abort(reason: Fault): void
  giveUp(): void
}

export function createAttempts(clock: Clock, consumer: Consumer, timeoutMs: number): Attempts {
  const running = new Set<Try>()
  const abandoned = createDeadlineQueue<Try>(clock, GRACE_MS, (late) => late.giveUp())
  const timedOut = createDeadlineQueue<Try>(clock, timeoutMs, (late) => {
    late.abort(timeout())
    abandoned.add(late)
  })
  const timeout = (): Fault =>
    new Fault('DEADLINE_EXCEEDED', `${consumer.name} took longer than ${timeoutMs} ms for one event.`)

  function run(
    event: Envelope,
    nth: { readonly attempt: number; readonly replay: boolean },
  ): Promise<Fault | undefined> {
    return new Promise((resolve) => {
      const delivery = openDelivery(nth)
      const current: Try = {
        abort: (reason) => abortDelivery(delivery, reason),
        giveUp: () => finish(timeout()),
      }
      function finish(fault: Fault | undefined): void {
        timedOut.delete(current)
        abandoned.delete(current)
        running.delete(current)
        resolve(fault)
      }
      running.add(current)
      timedOut.add(current)
      callHandler(consumer, event, delivery).then(
        () => finish(undefined),
        (reason: unknown) => finish(delivery.aborted ?? toFault(reason)),
      )
    })
  }

  return {
    run,
    abort() {
      for (const current of running)
        current.abort(new Fault('DEADLINE_EXCEEDED', `${consumer.name} was stopped.`))
      timedOut.clear()
      abandoned.clear()
    },
  }
}

/** An async function, so that a handler that throws before its first await rejects like any other. */
async function callHandler(consumer: Consumer, event: Envelope, delivery: Delivery): Promise<void> {
  await consumer.handle(event, delivery)
}

/** Of one try. */
interface OpenDelivery extends Delivery {
  controller: AbortController | undefined
  aborted: Fault | undefined
}

/**
 * Most handlers never look at their signal, so it is only made when asked for. The accessor stands here once: in an
 * object made for each delivery it would give each a hidden class of its own, which keeps what it closes over alive
 * until the next full collection.
 */
const lazySignal: Pick<Delivery, 'signal'> & ThisType<OpenDelivery> = {
  get signal(): AbortSignal {
    this.controller ??= new AbortController()
    if (this.aborted) this.controller.abort(this.aborted)
    return this.controller.signal
  },
}

function openDelivery({ attempt, replay }: Pick<Delivery, 'attempt' | 'replay'>): OpenDelivery {
  // Its prototype has the signal, which is all that is missing.
  const delivery = Object.create(lazySignal) as OpenDelivery
  return Object.assign(delivery, { attempt, replay, controller: undefined, aborted: undefined })
}

function abortDelivery(delivery: OpenDelivery, reason: Fault): void {
  delivery.aborted = reason
  delivery.controller?.abort(reason)
}
