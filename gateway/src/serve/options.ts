import type { RateLimit } from '@stoa/platform/rate-bucket'
import { err, ok, type Result } from '@stoa/platform/result'
import type { SubscriptionWay } from '../client/open-event-source.ts'
import { type IssuerOption, issuerOption, rateOption } from './caller-options.ts'
import { isText, readArgs, type Said, textOption } from './read-args.ts'
import { originsOf, subscriptionWays } from './stream-options.ts'

/** What can be said on the command line of `npm run gateway`. */
export interface ServeOptions {
  readonly help: boolean
  /** Path of the composed supergraph. */
  readonly supergraph: string
  readonly port: number
  readonly host: string
  /** Where subgraphs answer, in place of what the supergraph says. */
  readonly urls: ReadonlyMap<string, string>
  /** How subgraphs tell events; by server-sent events where nothing is said. */
  readonly subscriptions: ReadonlyMap<string, SubscriptionWay>
  /** Whose pages may open a WebSocket, besides those of this host. */
  readonly origins: readonly string[]
  /** Path of a document manifest. */
  readonly trusted: string | undefined
  /** Path of what the gateway and its subgraphs know alone: with it they are told who asks. */
  readonly secretFile: string | undefined
  /** Whose access tokens are taken; without one everybody is anonymous. */
  readonly issuer: IssuerOption | undefined
  /** How often one caller may ask. */
  readonly rate: RateLimit | undefined
  /** Path of a file with the URL of the Redis in which gateways count together and share plans. */
  readonly redisFile: string | undefined
  /** How many proxies stand in front and say in X-Forwarded-For who asked them. */
  readonly proxies: number
  readonly share: boolean
  readonly workers: number
  /** Labels of `@override(label:)` that are on for everybody. */
  readonly labels: readonly string[]
  readonly production: boolean
}

export const helpText: string = `Usage: npm run gateway -- --supergraph FILE [options]

  --supergraph FILE    the composed Federation 2 supergraph; watched, a good new one is taken without a pause
  --port N             listen on this port (default 4000; 0 takes any)
  --host HOST          listen on this address (default 127.0.0.1)
  --subgraph NAME=URL  where a subgraph answers (default: the url in the supergraph); once for each
  --subscriptions NAME=sse|ws|URL
                       how a subgraph tells events: server-sent events (default), WebSocket at its own URL or at
                       this ws: URL; once for each
  --origin ORIGIN      pages of this origin may open a WebSocket: https://shop.example; once for each
  --trusted FILE       documents that may be asked for by id: {"sha256:<hex>": "query …"}
  --secret-file FILE   32 characters or more that the subgraphs know, too: each sub-request then has a signed context
                       (stoa-context: who asks, idempotency key, deadline); without it none is sent, and idempotency
                       keys are refused
  --issuer URL         take access tokens of this issuer: any OpenID provider, or a Cognito user pool
  --audience NAME      whom they must be for; with Cognito the id of an app client; once for each
  --jwks URL           where the issuer's keys are (default: its OpenID configuration says so)
  --rate N[:BURST]     each caller may ask N times a second, and BURST times at once (default 5 N); known by token, else
                       by address; more is answered with 429
  --redis-file FILE    a file with the URL of a Redis: gateways then count together, and share the plans of operations
  --proxies N          so many proxies stand in front and add to X-Forwarded-For (default 0: it is not believed)
  --share              ask a subgraph once for identical queries of one principal that are under way together
  --label NAME         this label of @override(label:) is on, for everybody; once for each
  --workers N          so many processes on the one port, 1 to 256 (default 1)
  --production         trusted documents only, no introspection
  --help               this text

Without --issuer everybody is anonymous, and Authorization is answered with 401, as x-api-key always is. Subgraphs get x-correlation-id, traceparent
and, with --secret-file, stoa-context; no other header of a client reaches them.
`

const flags = {
  supergraph: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  subgraph: { type: 'string', multiple: true },
  subscriptions: { type: 'string', multiple: true },
  origin: { type: 'string', multiple: true },
  trusted: { type: 'string' },
  'secret-file': { type: 'string' },
  issuer: { type: 'string', multiple: true },
  audience: { type: 'string', multiple: true },
  jwks: { type: 'string', multiple: true },
  rate: { type: 'string', multiple: true },
  'redis-file': { type: 'string' },
  proxies: { type: 'string' },
  share: { type: 'boolean' },
  label: { type: 'string', multiple: true },
  workers: { type: 'string' },
  production: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

/** All problems at once, each saying what was expected, what came and what would do. */
export function parseServeOptions(args: readonly string[]): Result<ServeOptions, readonly string[]> {
  const said = readArgs(args, flags)
  const { problems } = said
  problems.push(...said.positionals.map((text) => `${JSON.stringify(text)}: expected only options.`))
  const help = said.has('help')
  const options: ServeOptions = {
    help,
    supergraph: textOption(said, 'supergraph', { example: './supergraph.graphql' }) ?? '',
    port: numberOption(said, { name: 'port', fallback: 4000, low: 0, high: 65_535 }),
    host: textOption(said, 'host', { example: '0.0.0.0' }) ?? '127.0.0.1',
    urls: subgraphUrls(said),
    subscriptions: subscriptionWays(said.valuesOf('subscriptions'), problems),
    origins: originsOf(said.valuesOf('origin'), problems),
    trusted: textOption(said, 'trusted', { example: './documents.json' }),
    secretFile: textOption(said, 'secret-file', { example: './context-secret' }),
    issuer: issuerOption(
      {
        issuer: said.valuesOf('issuer'),
        audience: said.valuesOf('audience'),
        jwks: said.valuesOf('jwks'),
      },
      problems,
    ),
    rate: rateOption(said.valuesOf('rate'), problems),
    redisFile: textOption(said, 'redis-file', { example: './redis-url' }),
    proxies: numberOption(said, { name: 'proxies', fallback: 0, low: 0, high: 10 }),
    share: said.has('share'),
    workers: numberOption(said, { name: 'workers', fallback: 1, low: 1, high: 256 }),
    labels: labelsOf(said),
    production: said.has('production'),
  }
  if (help) return ok(options)
  if (!said.has('supergraph'))
    problems.push('--supergraph: expected a file, got none. Example: --supergraph ./supergraph.graphql')
  if (options.production && !said.has('trusted'))
    problems.push('--production: only trusted documents are run then, and there are none. Add --trusted FILE')
  return problems.length > 0 ? err(problems) : ok(options)
}

/** The files that are named, whatever else is wrong. */
export function namedFiles(args: readonly string[]): readonly { option: string; path: string }[] {
  const said = readArgs(args, flags)
  const options = ['supergraph', 'trusted', 'secret-file', 'redis-file'] as const
  return options.flatMap((name) => {
    const path = said.valuesOf(name).at(-1)
    return isText(path) ? [{ option: `--${name}`, path }] : []
  })
}

type ServeSaid = Said<keyof typeof flags>

function subgraphUrls(said: ServeSaid): ReadonlyMap<string, string> {
  const urls = new Map<string, string>()
  for (const value of said.valuesOf('subgraph')) {
    const [, name = '', url = ''] = /^([^=]+)=(.+)$/.exec(value ?? '') ?? []
    const problem = problemOf(name, url, urls)
    if (problem)
      said.problems.push(`--subgraph: ${problem}, got ${JSON.stringify(value ?? '')}. ${SUBGRAPH_EXAMPLE}`)
    else urls.set(name, url)
  }
  return urls
}

const SUBGRAPH_EXAMPLE = 'Example: --subgraph reviews=http://127.0.0.1:4102/graphql'

function problemOf(name: string, url: string, urls: ReadonlyMap<string, string>): string | undefined {
  if (name === '') return 'expected NAME=URL'
  if (!isHttpUrl(url)) return 'expected an http: or https: URL'
  return urls.has(name) ? `expected one URL for ${name}` : undefined
}

export function isHttpUrl(url: string): boolean {
  return /^https?:$/.test(URL.parse(url)?.protocol ?? '')
}

function labelsOf(said: ServeSaid): readonly string[] {
  return said.valuesOf('label').flatMap((value) => {
    if (isText(value)) return [value]
    said.problems.push(
      `--label: expected a name, got ${JSON.stringify(value ?? '')}. Example: --label new-stock`,
    )
    return []
  })
}

interface NumberRule {
  readonly name: 'port' | 'workers' | 'proxies'
  readonly fallback: number
  readonly low: number
  readonly high: number
}

function numberOption(said: ServeSaid, { name, fallback, low, high }: NumberRule): number {
  const values = said.valuesOf(name)
  if (values.length === 0) return fallback
  const given = values.length === 1 ? (values[0] ?? '') : values.join(' ')
  const value = /^\d+$/.test(given) ? Number(given) : Number.NaN
  if (value >= low && value <= high) return value
  said.problems.push(
    `--${name}: expected a whole number from ${low} to ${high}, got ${JSON.stringify(given)}. Example: --${name} ${fallback}`,
  )
  return fallback
}
