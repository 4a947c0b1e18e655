import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Fault } from '@stoa/platform/fault'
import type { Env } from '@stoa/platform/subgraph'
import type { z } from 'zod'
import { failedMessage } from './messages.ts'

/** One process of the split shop. */
export interface Child extends AsyncDisposable {
  readonly role: string
  readonly pid: number | undefined
  /** The next message of this shape; a fault when it fails, ends or says nothing for 30 s. */
  next<T>(shape: z.ZodType<T>): Promise<T>
  send(message: object): void
  /** Resolves when the process has ended, with how. */
  readonly ended: Promise<string>
}

const PATIENCE_MS = 30_000
const STOP_MS = 8_000

export function startChild(role: string, env: Env): Child {
  const child = fork(fileURLToPath(new URL('./child-main.ts', import.meta.url)), [role], {
    env: { ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const inbox: unknown[] = []
  child.on('message', (message) => inbox.push(message))
  const ended = once(child, 'exit').then(
    ([code, signal]) => `${role} ended (${signal ?? `exit code ${code}`})`,
  )
  return {
    role,
    pid: child.pid,
    ended,
    send: (message) => void child.send(message),
    next: (shape) => nextMessage({ child, inbox, role, ended }, shape),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const hard = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      await ended
      clearTimeout(hard)
    },
  }
}

interface Mailbox {
  readonly child: ChildProcess
  readonly inbox: unknown[]
  readonly role: string
  readonly ended: Promise<string>
}

async function nextMessage<T>(box: Mailbox, shape: z.ZodType<T>): Promise<T> {
  const message = box.inbox.shift() ?? (await arrival(box))
  const failed = failedMessage.safeParse(message)
  // The code came over from a Fault of the child; here it is only shown.
  if (failed.success)
    throw new Fault('UPSTREAM_UNAVAILABLE', `${box.role}: ${failed.data.code}: ${failed.data.message}`)
  return shape.parse(message)
}

async function arrival({ child, inbox, role, ended }: Mailbox): Promise<unknown> {
  const gone = ended.then((how) => {
    throw new Fault('UPSTREAM_UNAVAILABLE', `${how} before it was ready. Its own output says why.`)
  })
  const arrived = once(child, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(
    (reason: unknown) => {
      throw new Fault('DEADLINE_EXCEEDED', `${role} said nothing for ${PATIENCE_MS / 1000} s.`, {
        cause: reason,
      })
    },
  )
  await Promise.race([arrived, gone])
  return inbox.shift()
}
