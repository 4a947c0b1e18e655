import { Worker } from 'node:worker_threads'
import type { QueryPlan } from '@graphql-hive/router-query-planner'
import type { Clock, Timer } from '@stoa/platform/clock'
import { Fault, toFault } from '@stoa/platform/fault'
import type { ActiveOverrides } from './overrides.ts'
import type { Planner } from './planner.ts'

/** What the thread is asked. */
export interface ToPlan {
  readonly id: number
  readonly document: string
  readonly overrides: ActiveOverrides
}

/** What it answers: a plan as JSON, or why there is none. */
export type Planned =
  | { readonly id: number; readonly text: string }
  | { readonly id: number; readonly reason: string }

/** A plan that takes longer is given up, and the thread with it. */
const PATIENCE_MS = 10_000
/** It holds a planner of its own, so it goes when nobody needs it. */
const IDLE_MS = 30_000

/** Plans in a thread of its own, which is started when it is first needed and keeps no process alive by itself. */
export function createPlannerThread(supergraph: string, clock: Clock): Planner {
  const asked = new Map<number, PromiseWithResolvers<QueryPlan>>()
  let thread: Worker | undefined
  let alarm: Timer | undefined
  let count = 0

  function start(): Worker {
    const started = new Worker(new URL('./planner-thread-main.ts', import.meta.url), {
      workerData: supergraph,
    })
    started.on('message', take)
    started.on('error', (reason) => end(toFault(reason)))
    started.on('exit', () => started === thread && end(gone()))
    return started
  }

  function take(planned: Planned): void {
    const waiting = asked.get(planned.id)
    asked.delete(planned.id)
    watch()
    if ('text' in planned) waiting?.resolve(JSON.parse(planned.text))
    else waiting?.reject(new Error(planned.reason))
  }

  /** It answers in the order in which it is asked, so time begins anew with each answer. */
  function watch(): void {
    alarm?.cancel()
    const isIdle = asked.size === 0
    if (isIdle) thread?.unref()
    alarm = clock.schedule(clock.now() + (isIdle ? IDLE_MS : PATIENCE_MS), () => end(late()))
  }

  function end(reason: Fault): void {
    alarm?.cancel()
    const ended = thread
    thread = undefined
    void ended?.terminate()
    for (const waiting of asked.values()) waiting.reject(reason)
    asked.clear()
  }

  return {
    plan(document, overrides) {
      thread ??= start()
      thread.ref()
      const waiting = Promise.withResolvers<QueryPlan>()
      count += 1
      asked.set(count, waiting)
      if (asked.size === 1) watch()
      thread.postMessage({ id: count, document, overrides } satisfies ToPlan)
      return waiting.promise
    },
  }
}

function late(): Fault {
  return new Fault('DEADLINE_EXCEEDED', `No plan was found within ${PATIENCE_MS / 1_000} s.`)
}

function gone(): Fault {
  return new Fault('INTERNAL', 'The thread that plans ended.')
}
