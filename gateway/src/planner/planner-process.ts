import type { QueryPlan } from '@graphql-hive/router-query-planner'
import type { Clock, Timer } from '@stoa/platform/clock'
import { Fault } from '@stoa/platform/fault'
import type { ActiveOverrides } from './overrides.ts'
import type { Planner } from './planner.ts'
import { createBlame } from './planner-process-blame.ts'
import { type Planned, type PlannerChild, startPlanner } from './planner-process-child.ts'

/** A plan that takes longer is given up, and the process with it. */
const PATIENCE_MS = 10_000
/** A busy machine is slow to start a process. */
const START_MS = 30_000
/** It holds a planner of its own, so it goes when nobody needs it. */
const IDLE_MS = 60_000
/** Documents that wait for their turn. */
const MOST_WAITING = 1_000

interface Waiting extends PromiseWithResolvers<QueryPlan> {
  readonly document: string
  readonly overrides: ActiveOverrides
  /** Whether its process was ended from outside before, and it is planned once more. */
  isSecond: boolean
}

export interface PlannerProcess extends Planner {
  /** Whether it runs and has nothing to do: a small document is planned at once. */
  isIdle(): boolean
}

export interface PlannerProcessOptions {
  /** Whether every new document needs it: then it is started before the first comes. */
  readonly isEager: boolean
  /** Default: a real one. */
  readonly start?: typeof startPlanner
}

/**
 * Plans in a process of its own, which is started when it is first needed and keeps no other alive. It is asked one
 * document at a time. The planner is native code that ends its whole process where it is wrong: then that document
 * has no plan, and the others that wait are planned by another process. Whoever was late, or whose process was ended
 * from outside, may try again: their faults are retryable.
 */
export function createPlannerProcess(
  supergraph: string,
  clock: Clock,
  { isEager, start: startProcess = startPlanner }: PlannerProcessOptions,
): PlannerProcess {
  const waiting: Waiting[] = []
  const blame = createBlame(clock)
  let child: PlannerChild | undefined
  let isReady = false
  let isRetired = false
  let alarm: Timer | undefined

  function start(): PlannerChild {
    const isCurrent = (): boolean => started === child
    const started = startProcess(supergraph, {
      onReady() {
        if (!isCurrent()) return
        isReady = true
        proceed()
      },
      onPlanned: (planned) => isCurrent() && take(planned),
      onEnded: (isOwnDoing) => isCurrent() && fail(isOwnDoing ? 'died' : 'ended'),
    })
    return started
  }

  function take(planned: Planned): void {
    const first = waiting.shift()
    if ('text' in planned) first?.resolve(JSON.parse(planned.text))
    else first?.reject(new Error(planned.reason))
    if (isRetired && waiting.length === 0) stop()
    else proceed()
  }

  /** Has the first planned, or waits for one. */
  function proceed(): void {
    const [first] = waiting
    child ??= start()
    child.hold(first !== undefined)
    if (first && isReady) child.ask(toPlanOf(first))
    alarm?.cancel()
    alarm = clock.schedule(clock.now() + patience(), () => (first ? fail('late') : stop()))
  }

  function patience(): number {
    if (!isReady) return START_MS
    return waiting.length > 0 ? PATIENCE_MS : IDLE_MS
  }

  function stop(): void {
    alarm?.cancel()
    child?.kill()
    child = undefined
    isReady = false
  }

  /** Only what was being planned can be why; the rest is asked of another process. */
  function fail(how: 'died' | 'ended' | 'late'): void {
    const wasReady = isReady
    stop()
    if (wasReady) blameFirst(how)
    else refuseAll()
    if (waiting.length > 0 || (wasReady && isEager && !isRetired)) proceed()
  }

  function blameFirst(how: 'died' | 'ended' | 'late'): void {
    const [first] = waiting
    if (!first) return
    if (how === 'ended' && !first.isSecond) {
      first.isSecond = true
      return
    }
    waiting.shift()
    first.reject(how === 'died' ? blame.condemn(first.document) : blame.doubt(first.document))
  }

  function refuseAll(): void {
    const reason = new Fault('OVERLOADED', 'The process that plans could not be started. Try again.')
    for (const { reject } of waiting.splice(0)) reject(reason)
  }

  function refusal(document: string): Fault | undefined {
    if (waiting.length < MOST_WAITING) return blame.refusal(document)
    return new Fault('OVERLOADED', `${MOST_WAITING} documents wait for a plan already. Try again.`)
  }

  if (isEager) proceed()
  return {
    isIdle: () => isReady && waiting.length === 0,
    plan(document, overrides) {
      const refused = refusal(document)
      if (refused) return Promise.reject(refused)
      const asked = { ...Promise.withResolvers<QueryPlan>(), document, overrides, isSecond: false }
      waiting.push(asked)
      if (waiting.length === 1) proceed()
      return asked.promise
    },
    retire() {
      isRetired = true
      if (waiting.length === 0) stop()
    },
  }
}

function toPlanOf({ document, overrides }: Waiting): Parameters<PlannerChild['ask']>[0] {
  const { labels, percentage } = overrides
  return { document, labels: [...labels], percentage }
}
