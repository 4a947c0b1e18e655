import { type ChildProcess, fork } from 'node:child_process'
import { hash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { QueryPlan } from '@graphql-hive/router-query-planner'
import type { Clock, Timer } from '@stoa/platform/clock'
import { Fault } from '@stoa/platform/fault'
import type { ActiveOverrides } from './overrides.ts'
import type { Planner } from './planner.ts'

/** What the process is told: first the supergraph, then what to plan. */
export type ToPlan =
  | { readonly supergraph: string }
  | {
      readonly id: number
      readonly document: string
      readonly labels: readonly string[]
      readonly percentage: number
    }

/** What it answers, in the order in which it is asked: a plan as JSON, or why there is none. */
export type Planned =
  | { readonly id: number; readonly text: string }
  | { readonly id: number; readonly reason: string }

/** A plan that takes longer is given up, and the process with it. */
const PATIENCE_MS = 10_000
/** It holds a planner of its own, so it goes when nobody needs it. */
const IDLE_MS = 60_000
/** Documents that ended a process are not planned again; so many are remembered. */
const MOST_DEADLY = 1_000

const main = fileURLToPath(new URL('./planner-process-main.ts', import.meta.url))
/** A planner needs little of JavaScript's memory. */
const FLAGS = ['--max-semi-space-size=1', '--max-old-space-size=256']

interface Waiting extends PromiseWithResolvers<QueryPlan> {
  readonly document: string
  readonly overrides: ActiveOverrides
}

/**
 * Plans in a process of its own, which is started when it is first needed and keeps no other alive. The planner is
 * native code that ends its whole process where it is wrong: then that document has no plan, and the others that
 * wait are planned by another process.
 */
export function createPlannerProcess(supergraph: string, clock: Clock): Planner {
  const asked = new Map<number, Waiting>()
  const deadly = new Set<string>()
  let child: ChildProcess | undefined
  let alarm: Timer | undefined
  let count = 0

  function start(): ChildProcess {
    const started = fork(main, { execArgv: FLAGS, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    started.on('message', take)
    started.on('error', () => started.kill('SIGKILL'))
    // After the last of its answers.
    started.on('close', () => started === child && end(gone()))
    tell(started, { supergraph })
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
    hold(child, !isIdle)
    alarm = clock.schedule(clock.now() + (isIdle ? IDLE_MS : PATIENCE_MS), () => end(late()))
  }

  /** Whatever was being planned is why; the rest is asked of another process. */
  function end(reason: Fault): void {
    alarm?.cancel()
    child?.kill('SIGKILL')
    child = undefined
    const [first] = asked
    if (!first) return
    const [id, culprit] = first
    asked.delete(id)
    condemn(culprit.document)
    culprit.reject(reason)
    if (asked.size === 0) return
    child = start()
    for (const [next, waiting] of asked) ask(child, next, waiting)
    watch()
  }

  function condemn(document: string): void {
    const [oldest] = deadly
    if (deadly.size >= MOST_DEADLY && oldest !== undefined) deadly.delete(oldest)
    deadly.add(nameOf(document))
  }

  return {
    plan(document, overrides) {
      if (deadly.size > 0 && deadly.has(nameOf(document))) return Promise.reject(gone())
      child ??= start()
      const waiting: Waiting = { ...Promise.withResolvers<QueryPlan>(), document, overrides }
      count += 1
      asked.set(count, waiting)
      if (asked.size === 1) watch()
      ask(child, count, waiting)
      return waiting.promise
    },
    retire() {
      if (asked.size === 0) end(late())
    },
  }
}

function ask(child: ChildProcess, id: number, { document, overrides }: Waiting): void {
  const { labels, percentage } = overrides
  tell(child, { id, document, labels: [...labels], percentage })
}

/** What a process that is ending does not hear is asked again of the next one. */
function tell(child: ChildProcess, message: ToPlan): void {
  child.send(message, () => {})
}

/** Whether this process waits for the other before it ends. */
function hold(child: ChildProcess | undefined, isNeeded: boolean): void {
  if (isNeeded) {
    child?.ref()
    child?.channel?.ref()
  } else {
    child?.unref()
    child?.channel?.unref()
  }
}

function nameOf(document: string): string {
  return hash('sha256', document)
}

function late(): Fault {
  return new Fault('DEADLINE_EXCEEDED', `No plan was found within ${PATIENCE_MS / 1_000} s.`)
}

function gone(): Fault {
  return new Fault('INTERNAL', 'The planner ended its process over this document. Report it.')
}
