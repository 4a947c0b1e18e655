import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'
import { principalKey } from '@stoa/platform/access'
import { err, ok, type Result } from '@stoa/platform/result'
import type { Principal } from '@stoa/platform/subgraph'
import type { Caller } from '../access/access.ts'
import type { Rate } from '../options.ts'
import { graphError, type Refusal } from '../refusal.ts'

/** One token for each request, whatever it asks for. Whoever is not known, or badly signed in, is known by address. */
export async function takeTurn(
  { bucket }: Rate,
  caller: Result<Caller, Refusal>,
  address: string | undefined,
): Promise<Result<void, Refusal>> {
  const key = (caller.ok && keyOf(caller.value.principal)) || `address:${address ?? 'unknown'}`
  const { allowed, retryAfterMs } = await bucket.take(key)
  return allowed ? ok(undefined) : err(tooMany(retryAfterMs))
}

function tooMany(retryAfterMs: number): Refusal {
  const message = `Too many requests. Ask again in ${retryAfterMs} ms, and less often from then on.`
  return {
    severity: 429,
    errors: [graphError('OVERLOADED', message, { retryAfterMs })],
    retryAfterS: Math.ceil(retryAfterMs / 1000),
  }
}

function keyOf(principal: Principal): string | undefined {
  return principal.kind === 'anonymous' ? undefined : principalKey(principal)
}

/** Undefined where nobody wants to know. */
export function createAddressOf(
  rate: Rate | undefined,
): ((request: IncomingMessage) => string | undefined) | undefined {
  return rate && ((request) => addressOf(request, rate.proxies ?? 0))
}

/**
 * Where a request comes from: the address of the connection, or with `proxies` in front the one that the outermost of
 * them saw; what stands before that in X-Forwarded-For anybody may have written. Of IPv6 the first 64 bits, which is
 * what one household has.
 */
function addressOf({ socket, headers }: IncomingMessage, proxies: number): string | undefined {
  const connection = socket.remoteAddress
  if (proxies === 0) return connection === undefined ? undefined : network(connection)
  const header = headers['x-forwarded-for']
  const hops = String(header ?? '').split(',')
  const seen = hops[hops.length - proxies]?.trim()
  return seen ? network(seen.slice(0, LONGEST_ADDRESS)) : connection
}

const LONGEST_ADDRESS = 45

function network(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!isIPv6(plain)) return plain
  const [front = '', back = ''] = plain.split('::')
  const head = front.split(':')
  const tail = back === '' ? [] : back.split(':')
  const zeros = plain.includes('::') ? Array.from({ length: 8 - head.length - tail.length }, () => '0') : []
  return [...head, ...zeros, ...tail]
    .slice(0, 4)
    .map((group) => Number.parseInt(group || '0', 16).toString(16))
    .join(':')
}
