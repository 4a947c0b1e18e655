import type { RateLimit } from '@stoa/platform/rate-bucket'
import { isCognito } from '../access/cognito.ts'

type Values = readonly (string | undefined)[]

/** Whose access tokens are taken. */
export interface IssuerOption {
  readonly issuer: string
  readonly audience: readonly string[]
  /** Of the key set, or of the OpenID configuration that names it. */
  readonly jwks: string
}

interface IssuerValues {
  readonly issuer: Values
  readonly audience: Values
  readonly jwks: Values
}

/** `--issuer`, `--audience`, `--jwks`. Adds what is wrong to `problems`; undefined where no issuer is named. */
export function issuerOption(values: IssuerValues, problems: string[]): IssuerOption | undefined {
  const [issuer = '', second] = values.issuer
  const [jwks = keysOf(issuer), more] = values.jwks
  const audience = values.audience.flatMap((name) => (name ? [name] : []))
  if (values.issuer.length + values.audience.length + values.jwks.length === 0) return undefined
  if (second !== undefined || !isTrustedUrl(issuer))
    problems.push(`--issuer: ${EXPECTED}, got ${shown(values.issuer)}. ${ISSUER}`)
  else if (more !== undefined || !isTrustedUrl(jwks))
    problems.push(`--jwks: ${EXPECTED}, got ${shown(values.jwks)}. ${JWKS}`)
  if (audience.length === 0 || audience.length < values.audience.length)
    problems.push(`--audience: expected whom the tokens are for, got ${shown(values.audience)}. ${AUDIENCE}`)
  return { issuer, audience, jwks }
}

const EXPECTED = 'expected one https: URL (http: on this machine)'
const ISSUER = 'Example: --issuer https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI'
const JWKS = 'Example: --jwks https://login.example/jwks'
const AUDIENCE = 'Example: --audience stoa; with Cognito the id of each app client'

function keysOf(issuer: string): string {
  const base = issuer.replace(/\/$/, '')
  return `${base}/.well-known/${isCognito(issuer) ? 'jwks.json' : 'openid-configuration'}`
}

/** What comes in the clear may be anybody's. */
function isTrustedUrl(text: string): boolean {
  const url = URL.parse(text)
  const isHere = /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/.test(url?.hostname ?? '')
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere)
}

/** `--rate 20` or `--rate 20:100`: so many a second, and so many at once (default five times as many). */
export function rateOption(values: Values, problems: string[]): RateLimit | undefined {
  if (values.length === 0) return undefined
  const [, perSecond, burst] =
    /^(\d+(?:\.\d+)?)(?::(\d+))?$/.exec(values.length === 1 ? (values[0] ?? '') : '') ?? []
  const rate = Number(perSecond ?? 0)
  const limit = { perSecond: rate, capacity: burst === undefined ? Math.ceil(rate * 5) : Number(burst) }
  if (limit.perSecond > 0 && limit.capacity >= 1) return limit
  problems.push(
    `--rate: expected requests a second, and perhaps how many at once, got ${shown(values)}. Example: --rate 20:100`,
  )
  return undefined
}

function shown(values: Values): string {
  return values.length === 0 ? 'none' : values.map((value) => JSON.stringify(value ?? '')).join(', ')
}
