import type { Clock } from '@stoa/platform/clock'
import { Fault, toFault } from '@stoa/platform/fault'
import type { Log } from '@stoa/platform/log'
import { readAtMost } from '@stoa/platform/read-at-most'
import type { JWTVerifyGetKey } from 'jose'

export interface RemoteKeysParts {
  /** Of a key set, or of an OpenID configuration that names one. */
  readonly url: string
  readonly clock: Clock
  readonly log: Log
}

/** Keys are asked for again after this; one that was withdrawn holds no longer than that. */
const FRESH_MS = 600_000
/** While the issuer is away, the last keys hold so long. */
const STALE_MS = 86_400_000
/** Between two questions, whatever comes: tokens with made-up key ids must not make us ask all the time. */
const PAUSE_MS = 10_000
const TIMEOUT_MS = 3000
const MOST_BYTES = 262_144

interface Held {
  readonly find: JWTVerifyGetKey
  readonly at: number
}

/**
 * The issuer's keys, kept for ten minutes. A key id that is not among them is looked for once more, as keys are
 * rotated. Throws UPSTREAM_UNAVAILABLE when there are no keys to check a token with, which says nothing about the token.
 */
export function createRemoteKeys(parts: RemoteKeysParts): JWTVerifyGetKey {
  const { clock, log } = parts
  let held: Held | undefined
  let asking: Promise<void> | undefined
  let askedAt = Number.NEGATIVE_INFINITY

  function refresh(): Promise<void> {
    if (asking) return asking
    if (clock.now() - askedAt < PAUSE_MS) return Promise.resolve()
    askedAt = clock.now()
    asking = ask().finally(() => {
      asking = undefined
    })
    return asking
  }

  async function ask(): Promise<void> {
    try {
      held = { find: await fetchKeys(parts.url), at: clock.now() }
    } catch (reason) {
      const { code, message } = toFault(reason)
      log.error({ code, reason: message }, 'the keys of the issuer cannot be had; the last ones are kept')
    }
  }

  async function current(): Promise<Held> {
    const age = held ? clock.now() - held.at : Number.POSITIVE_INFINITY
    if (age >= STALE_MS) await refresh()
    else if (age >= FRESH_MS) void refresh()
    if (held && clock.now() - held.at < STALE_MS) return held
    throw new Fault('UPSTREAM_UNAVAILABLE', 'The issuer of access tokens does not answer. Ask again later.')
  }

  return async (header, token) => {
    const known = await current()
    try {
      return await known.find(header, token)
    } catch (reason) {
      if (!isUnknownKey(reason)) throw reason
      await refresh()
      if (!held || held === known) throw reason
      return await held.find(header, token)
    }
  }
}

/** By field: jose's errors may come from another realm. */
function isUnknownKey(reason: unknown): boolean {
  return (
    typeof reason === 'object' &&
    reason !== null &&
    'code' in reason &&
    reason.code === 'ERR_JWKS_NO_MATCHING_KEY'
  )
}

async function fetchKeys(url: string): Promise<JWTVerifyGetKey> {
  const { createLocalJWKSet } = await import('jose')
  const answer = await fetchObject(url)
  const { jwks_uri: elsewhere } = answer
  const { keys } = typeof elsewhere === 'string' ? await fetchObject(elsewhere) : answer
  if (!Array.isArray(keys) || keys.length === 0) throw unusable('no keys')
  return createLocalJWKSet({ keys })
}

async function fetchObject(url: string): Promise<Readonly<Record<string, unknown>>> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const response = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } })
  if (response.status !== 200 || !response.body) throw unusable(`status ${response.status}`)
  const body = await readAtMost(response.body, MOST_BYTES)
  const value: unknown = JSON.parse(body?.toString() ?? 'null')
  if (typeof value !== 'object' || value === null) throw unusable('no object')
  return { ...value }
}

function unusable(what: string): Fault {
  return new Fault('UPSTREAM_INVALID', `Expected the issuer's keys as a JSON object, got ${what}.`)
}
