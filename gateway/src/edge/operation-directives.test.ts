import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import type { RequestContext } from '@stoa/platform/subgraph'
import { type DefinitionNode, Kind, parse } from 'graphql'
import { openFixture } from '../../test/fixture.ts'
import { bodyOf } from '../answer-response.ts'
import type { GatewayOptions, GatewayRequest, GraphAnswer, MarketChoice } from '../options.ts'
import { edgeDirectives } from './operation-directives.ts'

const markets: readonly MarketChoice[] = [
  { code: 'IT', language: 'it' },
  { code: 'CH', language: 'de' },
]
interface Asked {
  readonly request: RequestContext
}
const tell = (_: unknown, __: unknown, { request }: Asked): string => JSON.stringify(request)
const parts = {
  a: {
    sdl: 'type Query { context(n: Int): String } type Mutation { act: String }',
    resolvers: { Query: { context: tell }, Mutation: { act: tell } },
  },
}

async function execute(
  request: GatewayRequest,
  options: Partial<GatewayOptions> = { markets },
): Promise<GraphAnswer> {
  await using fixture = await openFixture(parts, options)
  return bodyOf(await fixture.gateway.execute(request))
}

async function contextOf(request: GatewayRequest): Promise<Partial<RequestContext>> {
  const { data, errors } = await execute(request)
  expect(errors).toBeUndefined()
  return JSON.parse(String(data?.['context'] ?? data?.['act']))
}

async function codeOf(request: GatewayRequest): Promise<string | undefined> {
  return (await execute(request)).errors?.[0]?.extensions.code
}

describe('@inContext', () => {
  it.each([
    ['{ context }', {}, 'IT', 'it'],
    ['query @inContext(market: "CH") { context }', {}, 'CH', 'de'],
    ['query @inContext(market: "CH", language: "fr-ch") { context }', {}, 'CH', 'fr-CH'],
    ['query($m: String) @inContext(market: $m) { context }', { m: 'CH' }, 'CH', 'de'],
    ['query($m: String) @inContext(market: $m) { context }', {}, 'IT', 'it'],
    ['query($m: String) @inContext(market: $m) { context }', { m: null }, 'IT', 'it'],
  ])('%s with %j is asked for %s in %s', async (query, variables, market, language) => {
    expect(await contextOf({ query, variables })).toMatchObject({ market, language })
  })

  it('names the markets there are when it gets another', async () => {
    const { errors } = await execute({ query: 'query @inContext(market: "XX") { context }' })
    expect(errors).toEqual([
      {
        message: 'Expected a market among IT, CH, got "XX". Change @inContext(market:).',
        extensions: { code: 'MARKET_UNKNOWN', known: ['IT', 'CH'] },
      },
    ])
  })

  it.each(['', 'x', 'not a tag', 'i'.repeat(100)])('takes no "%s" for a language', async (language) => {
    const query = 'query($l: String) @inContext(language: $l) { context }'
    expect(await codeOf({ query, variables: { l: language } })).toBe('LANGUAGE_INVALID')
  })

  it('reaches no subgraph, and is seen by introspection', async () => {
    await using fixture = await openFixture(parts, { markets })
    await fixture.ask('query($m: String) @inContext(market: $m) { context(n: 1) }', { m: 'CH' })
    expect(fixture.asked[0]?.request.query).toBe('{context(n: 1)}')
    const { data } = await fixture.ask('{ __schema { directives { name } } }')
    expect(JSON.stringify(data)).toMatch(/inContext.*idempotent/)
  })

  it('does not exist where there are no markets', async () => {
    const { errors } = await execute({ query: 'query @inContext(market: "IT") { context }' }, {})
    expect(errors?.[0]?.message).toContain('Unknown directive "@inContext"')
  })
})

describe('an idempotency key', () => {
  const mutation = 'mutation($k: String!) @idempotent(key: $k) { act }'

  it('comes from the directive or from the header', async () => {
    expect(await contextOf({ query: mutation, variables: { k: 'K-1' } })).toMatchObject({
      idempotencyKey: 'K-1',
    })
    expect(await contextOf({ query: 'mutation { act }', idempotencyKey: 'K-2' })).toMatchObject({
      idempotencyKey: 'K-2',
    })
    expect(
      await contextOf({ query: mutation, variables: { k: 'K-1' }, idempotencyKey: 'K-1' }),
    ).toMatchObject({ idempotencyKey: 'K-1' })
    expect(await contextOf({ query: 'mutation { act }' })).not.toHaveProperty('idempotencyKey')
  })

  it('is refused when the two differ, and when it is none', async () => {
    expect(await codeOf({ query: mutation, variables: { k: 'K-1' }, idempotencyKey: 'K-2' })).toBe(
      'IDEMPOTENCY_KEY_CONFLICT',
    )
    for (const k of ['', ' ', 'a b', 'é', 'x'.repeat(201)])
      expect(await codeOf({ query: mutation, variables: { k } })).toBe('IDEMPOTENCY_KEY_INVALID')
  })
})

describe('an idempotency key where no subgraph is told of it', () => {
  const options = { tellsContext: false }
  const mutation = 'mutation @idempotent(key: "K-1") { act }'

  it('is refused, by directive and by header', async () => {
    for (const introspection of [true, false]) {
      const refused = await execute({ query: mutation }, { ...options, introspection })
      expect(refused.errors?.[0]?.extensions.code).toBe('IDEMPOTENCY_KEY_UNSUPPORTED')
    }
    const request = { query: 'mutation { act }', idempotencyKey: 'K-1' }
    const refused = await execute(request, options)
    expect(refused.errors?.[0]?.extensions.code).toBe('IDEMPOTENCY_KEY_UNSUPPORTED')
    expect(await execute({ query: 'mutation { act }' }, options)).not.toHaveProperty('errors')
  })

  it('is not in the schema', async () => {
    const { data } = await execute({ query: '{ __schema { directives { name } } }' }, options)
    expect(JSON.stringify(data)).not.toContain('idempotent')
  })
})

describe('the context of a request', () => {
  it('carries a trace of its own, a correlation id and a deadline that is never later than the gateway allows', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    const before = Date.now()
    const context = await contextOf({
      query: '{ context }',
      traceparent,
      correlationId: 'ada-1',
      deadline: before + 3_600_000,
    })
    expect(context.correlationId).toBe('ada-1')
    expect(context.traceparent).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-(?!00f067aa0ba902b7)/)
    expect(context.deadline).toBeGreaterThanOrEqual(before + 10_000)
    expect(context.deadline).toBeLessThanOrEqual(Date.now() + 10_000)
    expect((await contextOf({ query: '{ context }', deadline: before + 5_000 })).deadline).toBe(
      before + 5_000,
    )
  })
})

it('the directives are those that heads are generated from', () => {
  const published = readFileSync(new URL('../../../schema/edge.graphql', import.meta.url), 'utf8')
  expect(shapes(edgeDirectives({ markets: true, idempotency: true }))).toEqual(shapes(published))
})

function shapes(sdl: string): unknown {
  const bare = ({ description: _, ...node }: DefinitionNode & { description?: unknown }): unknown =>
    node.kind === Kind.DIRECTIVE_DEFINITION
      ? { ...node, arguments: node.arguments?.map(({ description: __, ...argument }) => argument) }
      : node
  return JSON.parse(JSON.stringify(parse(sdl, { noLocation: true }).definitions.map(bare)))
}
