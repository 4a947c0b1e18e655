import { z } from 'zod'

/** What a child process tells the one that started it, and the one thing it is told. */
const named = z.object({ name: z.string(), url: z.string() })

export const listeningMessage = z.object({
  type: z.literal('listening'),
  url: z.string(),
  /** Of a subgraph: its part of the graph. */
  sdl: z.string().optional(),
  /** Of the simulators: one address each. */
  simulators: z.array(named).optional(),
  /** Of the edge: ports that were taken. */
  busy: z.array(z.number()).optional(),
})
export type ListeningMessage = z.infer<typeof listeningMessage>

export const openMessage = z.object({
  type: z.literal('open'),
  sources: z.array(named.extend({ sdl: z.string() })),
  simulators: z.array(named),
})
export type OpenMessage = z.infer<typeof openMessage>

const account = z.object({ who: z.string(), email: z.string(), password: z.string() })

export const readyMessage = z.object({
  type: z.literal('ready'),
  issuer: z.string(),
  accounts: z.array(account),
  tokens: z.record(z.string(), z.string()),
  subgraphs: z.array(z.object({ name: z.string(), fields: z.number() })),
  composeMs: z.number(),
})
export type ReadyMessage = z.infer<typeof readyMessage>

export const failedMessage = z.object({ type: z.literal('failed'), code: z.string(), message: z.string() })
