import type { Clock } from '@stoa/platform/clock'
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

interface Kept {
  readonly payload: AdapterPayload
  readonly expiresAt: number
}

/** More than a laptop ever needs; the oldest sign-ins are forgotten first. */
const MOST = 20_000

/** Where sessions, codes and grants are kept: in memory, gone with the process. Whoever was signed in signs in again. */
export function memoryAdapter(clock: Clock): AdapterFactory {
  const kept = new Map<string, Kept>()
  return (model) => createAdapter({ kept, clock, model })
}

interface AdapterParts {
  readonly kept: Map<string, Kept>
  readonly clock: Clock
  readonly model: string
}

function createAdapter({ kept, clock, model }: AdapterParts): Adapter {
  const keyOf = (id: string): string => `${model}:${id}`
  const get = (key: string): AdapterPayload | undefined => {
    const found = kept.get(key)
    return found && found.expiresAt > clock.now() ? found.payload : undefined
  }
  const search = (matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined => {
    for (const [key, { payload }] of kept)
      if (key.startsWith(`${model}:`) && matches(payload)) return get(key)
    return undefined
  }
  return {
    async upsert(id, payload, expiresIn) {
      const oldest = kept.size >= MOST ? kept.keys().next().value : undefined
      if (oldest !== undefined) kept.delete(oldest)
      kept.set(keyOf(id), {
        payload,
        expiresAt: expiresIn === undefined ? Number.POSITIVE_INFINITY : clock.now() + expiresIn * 1000,
      })
    },
    find: async (id) => get(keyOf(id)),
    findByUid: async (uid) => search((payload) => payload.uid === uid),
    findByUserCode: async (code) => search((payload) => payload.userCode === code),
    async consume(id) {
      const payload = get(keyOf(id))
      if (payload) payload['consumed'] = Math.floor(clock.now() / 1000)
    },
    destroy: async (id) => void kept.delete(keyOf(id)),
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of kept) if (payload.grantId === grantId) kept.delete(key)
    },
  }
}
