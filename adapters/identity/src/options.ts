import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import type { Random } from '@stoa/platform/random'
import type { Account, AppClient } from './accounts.ts'

export interface IssuerOptions {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Default: any free port of 127.0.0.1. */
  readonly port?: number
  readonly accounts: readonly Account[]
  /** Default: one public client for heads on this machine. */
  readonly clients?: readonly AppClient[]
  /** Keeps the signing key, so that tokens outlive a restart. Default: a fresh key. */
  readonly keyFile?: string
}

export const AUDIENCE = 'stoa'

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>
