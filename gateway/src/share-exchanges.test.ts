import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import { Fault } from '@stoa/platform/fault'
import type { RequestContext } from '@stoa/platform/subgraph'
import { openFixture } from '../test/fixture.ts'
import type { SubgraphClient, WireRequest } from './options.ts'
import { createSharing } from './share-exchanges.ts'

const ada: RequestContext = {
  principal: { kind: 'customer', customerId: 'CU-ada', scopes: ['profile'] },
  market: 'IT',
  language: 'it',
  correlationId: 'one',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  deadline: 1_000,
}
const asked: WireRequest = { body: '{"query":"{me{id}}"}', repeatable: true, shareable: true, context: ada }

function asking(change: Partial<RequestContext>, more: Partial<WireRequest> = {}): WireRequest {
  return { ...asked, ...more, context: { ...ada, ...change } }
}

interface Sent {
  readonly request: WireRequest
  readonly answer: PromiseWithResolvers<Buffer>
}

/** A client whose answers the test gives, behind a second one that shares with nobody but itself. */
function openShared(): {
  readonly client: Required<Pick<SubgraphClient, 'execute' | 'exchange'>>
  readonly other: Required<Pick<SubgraphClient, 'execute' | 'exchange'>>
  readonly sent: readonly Sent[]
  readonly clock: ReturnType<typeof createVirtualClock>
} {
  const clock = createVirtualClock(0)
  const sent: Sent[] = []
  const plain: Required<Pick<SubgraphClient, 'execute' | 'exchange'>> = {
    execute: async () => ({ data: null }),
    exchange(request) {
      const answer = Promise.withResolvers<Buffer>()
      sent.push({ request, answer })
      return answer.promise
    },
  }
  const share = createSharing(clock)
  const shared = (): Required<Pick<SubgraphClient, 'execute' | 'exchange'>> => {
    const { execute, exchange = plain.exchange } = share(plain)
    return { execute, exchange }
  }
  return { client: shared(), other: shared(), sent, clock }
}

describe('identical queries that are under way together', () => {
  it('are sent once, whatever their ids and deadlines, and again once that is answered', async () => {
    const { client, sent } = openShared()
    const both = [
      client.exchange(asked),
      client.exchange(asking({ correlationId: 'two', traceparent: 'x', deadline: 2_000 })),
    ]
    expect(sent).toHaveLength(1)
    sent[0]?.answer.resolve(Buffer.from('{}'))
    expect((await Promise.all(both)).map(String)).toEqual(['{}', '{}'])
    void client.exchange(asked)
    expect(sent).toHaveLength(2)
  })

  const differences: readonly (readonly [string, WireRequest])[] = [
    ['another body', { ...asked, body: '{"query":"{me{name}}"}' }],
    ['nobody', asking({ principal: { kind: 'anonymous' } })],
    ['bo', asking({ principal: { kind: 'customer', customerId: 'CU-bo', scopes: ['profile'] } })],
    ['ada with other scopes', asking({ principal: { kind: 'customer', customerId: 'CU-ada', scopes: [] } })],
    [
      'an operator of the same id',
      asking({ principal: { kind: 'operator', operatorId: 'CU-ada', scopes: ['profile'] } }),
    ],
    ['another market', asking({ market: 'DE' })],
    ['another language', asking({ language: 'de' })],
    ['an idempotency key', asking({ idempotencyKey: 'k' })],
    ['a part of a mutation', { ...asked, shareable: false }],
  ]
  it.each(differences)('are not shared with %s', async (_who, request) => {
    const { client, sent } = openShared()
    void client.exchange(asked)
    void client.exchange(request)
    expect(sent).toHaveLength(2)
  })

  it('are not shared with another subgraph', () => {
    const { client, other, sent } = openShared()
    void client.exchange(asked)
    void other.exchange(asked)
    expect(sent).toHaveLength(2)
  })

  it('fail together and once', async () => {
    const { client, sent } = openShared()
    const both = [client.exchange(asked), client.exchange(asking({ deadline: 2_000 }))]
    sent[0]?.answer.reject(new Fault('UPSTREAM_UNAVAILABLE', 'gone'))
    for (const { status } of await Promise.allSettled(both)) expect(status).toBe('rejected')
    expect(sent).toHaveLength(1)
  })
})

describe('a deadline', () => {
  it('ends the wait of a sharer who has less time, and of nobody else', async () => {
    const { client, sent, clock } = openShared()
    const first = client.exchange(asked)
    const hasty = client.exchange(asking({ deadline: 10 }))
    clock.advance(10)
    await expect(hasty).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    sent[0]?.answer.resolve(Buffer.from('{}'))
    expect(String(await first)).toBe('{}')
    expect(sent).toHaveLength(1)
  })

  it('of whoever asked first is not that of sharers who have more time: they ask once more, together', async () => {
    const { client, sent, clock } = openShared()
    const first = client.exchange(asked)
    const others = [
      client.exchange(asking({ deadline: 2_000 })),
      client.exchange(asking({ deadline: 3_000 })),
    ]
    clock.advance(1_000)
    sent[0]?.answer.reject(new Fault('DEADLINE_EXCEEDED', 'late'))
    await expect(first).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    await new Promise(setImmediate)
    expect(sent.map(({ request }) => request.context.deadline)).toEqual([1_000, 2_000])
    sent[1]?.answer.resolve(Buffer.from('{}'))
    expect((await Promise.all(others)).map(String)).toEqual(['{}', '{}'])
  })
})

describe('a mutation that ended', () => {
  const mutations: readonly (readonly [
    string,
    (
      client: Required<Pick<SubgraphClient, 'execute' | 'exchange'>>,
      sent: readonly Sent[],
    ) => Promise<unknown>,
  ])[] = [
    [
      'over the wire',
      (client, sent) => {
        const ended = client.exchange({ ...asked, body: 'mutation', shareable: false })
        sent[1]?.answer.resolve(Buffer.from('{}'))
        return ended
      },
    ],
    ['with objects', (client) => client.execute({ query: 'mutation{a}', context: ada })],
  ]
  it.each(mutations)('%s is seen by every query that is sent after it', async (_how, mutate) => {
    const { client, other, sent } = openShared()
    void client.exchange(asked)
    await mutate(other, sent)
    const before = sent.length
    void client.exchange(asked)
    expect(sent).toHaveLength(before + 1)
  })
})

describe('a gateway that shares sub-requests', () => {
  it('asks once for queries that come together, and for each mutation', async () => {
    const bodies: string[] = []
    const counter: SubgraphClient = {
      execute: async () => ({ data: null }),
      async exchange({ body }) {
        bodies.push(body)
        await new Promise(setImmediate)
        return Buffer.from(body.includes('mutation') ? '{"data":{"add":2}}' : '{"data":{"n":1}}')
      },
    }
    const sdl = 'type Query { n: Int } type Mutation { add: Int }'
    const subgraphs = new Map([['a', counter]])
    await using fixture = await openFixture({ a: { sdl } }, { subgraphs, shareSubRequests: true })
    const together = async (query: string): Promise<readonly unknown[]> =>
      (await Promise.all([1, 2, 3].map(() => fixture.ask(query)))).map(({ data }) => data)
    expect(await together('{ n }')).toEqual([{ n: 1 }, { n: 1 }, { n: 1 }])
    expect(bodies).toHaveLength(1)
    expect(await together('mutation { add }')).toEqual([{ add: 2 }, { add: 2 }, { add: 2 }])
    expect(bodies).toHaveLength(4)
  })
})
