import type { Clock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import type { Random } from '@stoa/platform/random'
import type { Env } from '@stoa/platform/subgraph'
import type { Engines } from '../engines.ts'
import type { Ports } from '../ports.ts'
import type { FailedMessage, ListeningMessage, ReadyMessage } from './messages.ts'

/** What every role of the split shop is made from. */
export interface ChildParts {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly engines: Engines
  readonly env: Env
  readonly folder: string
  /** Signs the context between gateway and subgraphs. */
  readonly secret: string
  readonly webhookSecret: string
  /** Where it listens; 0: anywhere. */
  readonly port: number
  readonly ports: Ports
}

/** Says it to the process that started this one; nobody listens when there is none. */
export function tellParent(message: ListeningMessage | ReadyMessage | FailedMessage): void {
  process.send?.(message)
}
