import { z } from 'zod'
import type { EdgeFacts } from '../edge.ts'
import type { Ports } from '../ports.ts'
import type { SimulatorAddress } from '../simulators.ts'

/** What the processes of the split shop tell one another. A child first says where it listens. */
export interface ListeningMessage {
  readonly type: 'listening'
  readonly url: string
  /** Of a subgraph: its part of the graph. */
  readonly sdl?: string | undefined
  /** Of the simulators: one address each. */
  readonly simulators?: readonly SimulatorAddress[] | undefined
  /** Of the edge: ports that were taken. */
  readonly busy?: readonly number[] | undefined
}

/** To the edge, once everybody listens. */
export interface OpenMessage {
  readonly type: 'open'
  readonly sources: readonly (SimulatorAddress & { readonly sdl: string })[]
  readonly simulators: readonly SimulatorAddress[]
}

/** From the edge, once the graph is composed. */
export interface ReadyMessage extends EdgeFacts {
  readonly type: 'ready'
  readonly tokens: Readonly<Record<string, string>>
}

/** From anybody, instead of what was expected. */
export interface FailedMessage {
  readonly type: 'failed'
  readonly code: string
  readonly message: string
}

const named = z.object({ name: z.string(), url: z.string() })

export const listeningMessage: z.ZodType<ListeningMessage> = z.object({
  type: z.literal('listening'),
  url: z.string(),
  sdl: z.string().optional(),
  simulators: z.array(named).optional(),
  busy: z.array(z.number()).optional(),
})

export const openMessage: z.ZodType<OpenMessage> = z.object({
  type: z.literal('open'),
  sources: z.array(named.extend({ sdl: z.string() })),
  simulators: z.array(named),
})

export const readyMessage: z.ZodType<ReadyMessage> = z.object({
  type: z.literal('ready'),
  issuer: z.string(),
  accounts: z.array(z.object({ who: z.string(), email: z.string(), password: z.string() })),
  tokens: z.record(z.string(), z.string()),
  subgraphs: z.array(z.object({ name: z.string(), fields: z.number() })),
  composeMs: z.number(),
})

export const failedMessage: z.ZodType<FailedMessage> = z.object({
  type: z.literal('failed'),
  code: z.string(),
  message: z.string(),
})

/** `STOA_PORTS`, which every process is started with. */
export const portsMessage: z.ZodType<Ports> = z.object({
  issuer: z.number().exactOptional(),
  payment: z.number().exactOptional(),
  wms: z.number().exactOptional(),
  erp: z.number().exactOptional(),
  notification: z.number().exactOptional(),
})
