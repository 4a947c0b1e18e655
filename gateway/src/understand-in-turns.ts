import type { Result } from '@stoa/platform/result'
import { planForRequest } from './active-overrides.ts'
import type { ReadyRequest } from './documents/ready-request.ts'
import { type Refusal, refuse } from './refusal.ts'
import { type Asking, understand } from './understand-request.ts'

/**
 * The same as `understand` for a document that is new, and its plan, each in a turn of its own: what nobody asked
 * before must not keep those waiting who ask what everybody asks.
 */
export async function understandInTurns(asking: Asking): Promise<Result<ReadyRequest, Refusal>> {
  const { lane } = asking.graph
  using place = lane.enter()
  if (!place) return refuse('GATEWAY_BUSY', BUSY)
  await lane.turn()
  const ready = understand(asking)
  if (!ready.ok) return ready
  await lane.turn()
  // Kept with the operation; whether there is one is looked at when it is run.
  await planForRequest(asking, ready.value)
  await lane.turn()
  return ready
}

const BUSY = 'Too many documents came that were never seen before. Ask again later, or send known ones.'
