import type { SubscriptionWay } from '../client/open-event-source.ts'

type Values = readonly (string | undefined)[]

/** `NAME=sse`, `NAME=ws` or `NAME=ws://…`: how each subgraph tells events. Adds what is wrong to `problems`. */
export function subscriptionWays(values: Values, problems: string[]): ReadonlyMap<string, SubscriptionWay> {
  const ways = new Map<string, SubscriptionWay>()
  for (const value of values) add(ways, value ?? '', problems)
  return ways
}

function add(ways: Map<string, SubscriptionWay>, value: string, problems: string[]): void {
  const [, name = '', said = ''] = /^([^=]+)=(.+)$/.exec(value) ?? []
  const way = wayOf(said)
  const problem = ways.has(name) ? `expected one way for ${name}` : EXPECTED
  if (way && name !== '' && !ways.has(name)) ways.set(name, way)
  else problems.push(`--subscriptions: ${problem}, got ${JSON.stringify(value)}. ${EXAMPLE}`)
}

const EXPECTED = 'expected NAME=sse, NAME=ws or NAME=URL with a ws: or wss: URL'
const EXAMPLE = 'Example: --subscriptions reviews=ws'

function wayOf(said: string): SubscriptionWay | undefined {
  if (said === 'sse' || said === 'ws') return said
  const url = URL.parse(said)
  if (url?.protocol === 'ws:') return `ws://${said.slice('ws://'.length)}`
  return url?.protocol === 'wss:' ? `wss://${said.slice('wss://'.length)}` : undefined
}

/** Whose pages may open a WebSocket. Adds what is wrong to `problems`. */
export function originsOf(values: Values, problems: string[]): readonly string[] {
  return values.flatMap((value = '') => {
    const origin = URL.parse(value)?.origin
    if (origin === value && origin !== 'null') return [origin]
    problems.push(
      `--origin: expected scheme and host as a browser names them, got ${JSON.stringify(value)}. Example: --origin https://shop.example`,
    )
    return []
  })
}
