import { createAlarm } from './alarm.ts'
import { type Connection, type ConnectionOptions, openConnection, type Task } from './connection.ts'
import type { WireAnswer } from './response-parser.ts'
import { WireError } from './wire-error.ts'

export interface Pool extends AsyncDisposable {
  /** Rejects with a `WireError`. */
  send(request: PoolRequest): Promise<WireAnswer>
}

export interface PoolRequest {
  /** Head and body, one character for each byte. */
  readonly text: string
  /** Epoch milliseconds. */
  readonly deadline: number
  /** Sent before on a connection that broke: others that have been idle are no better. */
  readonly isAgain: boolean
}

export interface PoolOptions extends ConnectionOptions {
  readonly connections: number
  /** Requests that may wait for a connection. */
  readonly waiting: number
}

/**
 * Connections to one server, opened when they are needed, one request at a time on each. Of those that are idle the
 * one used last is taken, so that what a quiet hour does not need is closed.
 */
export function createPool(options: PoolOptions): Pool {
  const { clock } = options
  const all = new Set<Connection>()
  const idle: Connection[] = []
  const waiting: Task[] = []
  let opening = 0
  let isClosed = false
  const alarm = createAlarm(clock, endOverdue)
  const owner = { onOpen, onFree, onShut }

  function dispatch(task: Task, isAgain: boolean): void {
    const connection = isAgain ? undefined : takeIdle()
    if (connection) connection.send(task)
    else if (isClosed) task.reject(new WireError('broken', 'the client is closed'))
    else if (waiting.length >= options.waiting)
      task.reject(new WireError('crowded', `${waiting.length} requests wait already`))
    else queue(task, isAgain)
  }

  function queue(task: Task, isAgain: boolean): void {
    waiting.push(task)
    if (isAgain && all.size >= options.connections) idle[0]?.shut(unused())
    openForWaiting()
  }

  function takeIdle(): Connection | undefined {
    for (let last = idle.pop(); last; last = idle.pop()) {
      if (last.dueAt() > clock.now()) return last
      last.shut(unused())
    }
    return undefined
  }

  function openForWaiting(): void {
    if (isClosed || opening >= waiting.length || all.size >= options.connections) return
    opening += 1
    const connection = openConnection(options, owner)
    all.add(connection)
    alarm.set(connection.dueAt())
  }

  function onOpen(): void {
    opening -= 1
  }

  function onFree(connection: Connection): void {
    const task = waiting.shift()
    if (task) connection.send(task)
    else {
      idle.push(connection)
      alarm.set(connection.dueAt())
    }
  }

  /** A connection was opened for one request: when it cannot be, one request learns of it. */
  function onShut(connection: Connection, wasOpening: boolean, error: WireError): void {
    all.delete(connection)
    const place = idle.indexOf(connection)
    if (place >= 0) idle.splice(place, 1)
    if (wasOpening) {
      opening -= 1
      waiting.shift()?.reject(error)
    }
    openForWaiting()
  }

  function endOverdue(now: number): number {
    let next = Number.POSITIVE_INFINITY
    for (const connection of all) {
      if (connection.dueAt() <= now) connection.shut(late())
      else next = Math.min(next, connection.dueAt())
    }
    for (const task of waiting.filter(({ deadline }) => deadline <= now)) {
      waiting.splice(waiting.indexOf(task), 1)
      task.reject(late())
    }
    return waiting.reduce((first, { deadline }) => Math.min(first, deadline), next)
  }

  return {
    send({ text, deadline, isAgain }) {
      return new Promise((resolve, reject) => {
        dispatch({ text, deadline, resolve, reject }, isAgain)
        alarm.set(deadline)
      })
    },
    async [Symbol.asyncDispose]() {
      isClosed = true
      alarm.stop()
      const closed = new WireError('broken', 'the client was closed')
      for (const task of waiting.splice(0)) task.reject(closed)
      const connections = [...all]
      for (const connection of connections) connection.shut(closed)
      await Promise.all(connections.map(({ gone }) => gone))
    },
  }
}

function unused(): WireError {
  return new WireError('broken', 'the connection was not needed')
}

function late(): WireError {
  return new WireError('late', 'the deadline passed')
}
