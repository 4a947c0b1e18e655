import type { IncomingMessage } from 'node:http'
import { ok, type Result } from '@stoa/platform/result'
import type { Credentials } from '../options.ts'
import { type Refusal, refuse } from '../refusal.ts'

/**
 * Who opens a WebSocket: said in the headers, where these can be set, or in the payload of `connection_init` under the
 * same names, as pages must. Never two that differ.
 */
export function readSocketCredentials(
  { headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>,
  params: Readonly<Record<string, unknown>>,
): Result<Credentials, Refusal> {
  const said = Object.entries(params).map(([name, value]) => [name.toLowerCase(), value] as const)
  const valuesOf = (name: string): ReadonlySet<unknown> =>
    new Set([
      ...(headersDistinct[name] ?? []),
      ...said.filter(([key]) => key === name).map(([, value]) => value),
    ])
  const [authorization, secondToken] = valuesOf('authorization')
  const [apiKey, secondKey] = valuesOf('x-api-key')
  if (secondToken !== undefined || secondKey !== undefined)
    return refuse(
      'CREDENTIALS_AMBIGUOUS',
      'Expected one credential, got several that differ. Send one of them.',
    )
  return ok({
    ...(authorization !== undefined && { authorization: String(authorization) }),
    ...(apiKey !== undefined && { apiKey: String(apiKey) }),
  })
}
