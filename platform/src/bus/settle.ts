import type { Fault } from '../fault.ts'
import type { LogFields } from '../log.ts'
import type { Waiting } from './bus-log.ts'
import type { Changes } from './changes.ts'
import type { Lane, Lanes, Task } from './lanes.ts'
import type { RunnerParts } from './parts.ts'
import { nextStep } from './retry.ts'

/** A try that has ended. */
export interface Tried {
  readonly lane: Lane
  /** With this try counted. */
  readonly task: Task
  readonly fault: Fault | undefined
}

interface SettleParts extends RunnerParts {
  readonly changes: Changes
  readonly lanes: Lanes
}

/** Draws the consequence of a try: done with, to be tried again, or dead. */
export function settleTry(parts: SettleParts, { lane, task, fault }: Tried): void {
  const { changes } = parts
  if (!fault) {
    forgetTask(task, changes)
    return
  }
  const failure = { fault, attempts: task.attempts, firstAt: task.firstAt, now: parts.clock.now() }
  const step = nextStep(parts.policy, failure, parts.random)
  if (step.kind === 'retry') {
    noteRetry(parts, task, { ...told(fault), waitMs: step.at - failure.now })
    parts.lanes.park(lane, { ...task, nextAt: step.at }, (waiting) => storeTask(waiting, changes))
    return
  }
  noteDeath(parts, task, { ...told(fault), exhausted: step.exhausted })
  changes.die({
    ...waitingOf(task),
    id: parts.random.uuid(),
    lastAt: failure.now,
    errorCode: fault.code,
    errorMessage: fault.message.slice(0, MAX_MESSAGE),
    exhausted: step.exhausted,
  })
  forgetTask(task, changes)
}

const MAX_MESSAGE = 1000

/** An event that waits is durable as a row of its own, and read again from the log when its time comes. */
export function storeTask(task: Task, changes: Changes): Task {
  const waiting = waitingOf(task)
  changes.put(waiting)
  task.settle?.()
  return waiting
}

function forgetTask(task: Task, changes: Changes): void {
  if (task.settle) task.settle()
  else changes.drop({ position: task.position, run: task.run })
  changes.touch()
}

function waitingOf({ position, run, stream, attempts, firstAt, nextAt }: Waiting): Waiting {
  return { position, run, stream, attempts, firstAt, nextAt }
}

/** The first failure is worth a line; the others are the same news. */
function noteRetry({ log }: SettleParts, task: Task, why: LogFields): void {
  const fields = { stream: task.stream, position: task.position, attempt: task.attempts, ...why }
  if (task.attempts === 1)
    log.warn(fields, 'An event waits: it could not be handled yet, and is tried again.')
  else log.debug(fields, 'An event could not be handled again.')
}

/** Who failed is in the message: a fault names its upstream. */
function told({ code, message }: Fault): LogFields {
  return { code, reason: message }
}

function noteDeath({ log }: SettleParts, task: Task, why: LogFields): void {
  const fields = { stream: task.stream, position: task.position, attempts: task.attempts, ...why }
  log.error(fields, 'An event was given up on. It is a dead letter now: redrive or discard it.')
}
