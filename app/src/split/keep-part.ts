import { isDeepStrictEqual } from 'node:util'
import { systemClock } from '@stoa/platform/clock'
import { Fault } from '@stoa/platform/fault'
import type { Log } from '@stoa/platform/log'
import type { Env } from '@stoa/platform/subgraph'
import { type Child, startChild } from './child-process.ts'
import { type Kept, keepRunning } from './keep-running.ts'
import { type ListeningMessage, listeningMessage } from './messages.ts'

/** A process of the split shop that listens, and how it was started. */
export interface Part {
  readonly child: Child
  /** What only this one was told. */
  readonly more: Env
  readonly told: ListeningMessage
  /** What else it waits for before it serves. */
  readonly open?: (child: Child) => Promise<unknown>
}

/** Whoever takes its place must be found where it was: nobody is told another address. */
export function keepPart(part: Part, { log, env }: { readonly log: Log; readonly env: Env }): Kept {
  const { child, more, told, open } = part
  return keepRunning({
    ...{ clock: systemClock, log, child },
    begin: () => startChild(child.role, { ...env, ...more, STOA_PORT: new URL(told.url).port }),
    async serves(next) {
      const again = await next.next(listeningMessage)
      const there = [again.url, ...(again.simulators ?? [])]
      if (!isDeepStrictEqual(there, [told.url, ...(told.simulators ?? [])]))
        throw new Fault('CONFLICT', `${child.role} listens elsewhere: another program took its port.`)
      await open?.(next)
    },
  })
}
