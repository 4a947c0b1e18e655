import type { Result } from '@stoa/platform/result'
import { planForRequest } from './active-overrides.ts'
import { isForNow, type PreparedOperation } from './documents/prepare-operation.ts'
import type { ReadyRequest } from './documents/ready-request.ts'
import { type Refusal, refuse } from './refusal.ts'
import { type Asking, coerceVariables, keyOf, prepare, understandAs } from './understand-request.ts'

/**
 * The same as `understand` for a document that is new, and its plan, each in a turn of its own: what nobody asked
 * before must not keep those waiting who ask what everybody asks. Whoever asks the same meanwhile waits for the first.
 */
export async function understandInTurns(asking: Asking): Promise<Result<ReadyRequest, Refusal>> {
  const { lane } = asking.graph
  const prepared = await lane.once(keyOf(asking), () => makeReady(asking))
  if (!prepared) return refuse('GATEWAY_BUSY', BUSY)
  return prepared.ok ? understandAs(asking, prepared.value) : prepared
}

const BUSY = 'Too many documents came that were never seen before. Ask again later, or send known ones.'

async function makeReady(asking: Asking): Promise<Result<PreparedOperation, Refusal>> {
  const { lane } = asking.graph
  await lane.turn()
  const prepared = prepare(asking)
  if (!prepared.ok) return prepared
  const variables = coerceVariables(asking, prepared.value)
  if (!variables.ok) return prepared
  await lane.turn()
  // Kept with the operation; whether there is one is looked at when it is run.
  const planned = await planForRequest(asking, { operation: prepared.value, variables: variables.value })
  // Which is not kept, and not tried again at once.
  if (isForNow(planned)) return planned
  await lane.turn()
  return prepared
}
