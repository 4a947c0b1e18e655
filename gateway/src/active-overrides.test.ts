import { hash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { seededRandom } from '@stoa/platform/random'
import { type Fixture, openFixture } from '../test/fixture.ts'
import type { Ref } from '../test/small-shop.ts'
import { bodyOf } from './answer-response.ts'
import type { GatewayOptions, OverrideFacts } from './options.ts'

const PRICES = '{ item { price } }'
const documentId = `sha256:${hash('sha256', PRICES)}`

function open(options: Partial<GatewayOptions> = {}): Promise<Fixture> {
  const old = { id: '1', price: 1, stock: 1, name: 'hat' }
  return openFixture(
    {
      old: {
        sdl: 'type Query { item: Item } type Item @key(fields: "id") { id: ID! price: Int stock: Int name: String }',
        resolvers: { Query: { item: () => old } },
      },
      fresh: {
        sdl: `type Item @key(fields: "id") { id: ID! price: Int @override(from: "old", label: "percent(30)")
          stock: Int @override(from: "old", label: "new-stock") }`,
        resolvers: { Item: { __resolveReference: ({ id }: Ref) => ({ id, price: 2, stock: 2 }) } },
      },
    },
    options,
  )
}

describe('a field that is taken over under a label', () => {
  it('comes from its new subgraph for requests that have the label on', async () => {
    const asked: OverrideFacts[] = []
    let isOn = false
    await using fixture = await open({
      overrideLabels(facts) {
        asked.push(facts)
        return isOn ? ['new-stock', 'another'] : []
      },
    })
    const stocks: unknown[] = []
    for (isOn of [false, true, false, true]) stocks.push((await fixture.ask('{ item { stock } }')).data)
    expect(stocks).toEqual([1, 2, 1, 2].map((stock) => ({ item: { stock } })))
    expect(asked[0]).toEqual({ principal: { kind: 'anonymous' }, labels: ['new-stock'] })
  })

  it('comes from its old subgraph when nobody says which labels are on', async () => {
    await using fixture = await open()
    expect((await fixture.ask('{ item { stock } }')).data).toEqual({ item: { stock: 1 } })
  })

  it('costs no question where no label is touched', async () => {
    await using fixture = await open({
      overrideLabels: () => {
        throw new Error('nobody is to be asked')
      },
    })
    expect((await fixture.ask('{ item { name } }')).data).toEqual({ item: { name: 'hat' } })
  })

  it('comes from its new subgraph for n % of the requests of nobody', async () => {
    await using fixture = await open({ random: seededRandom(7) })
    let taken = 0
    for (let i = 0; i < 1_000; i += 1) {
      const { data } = await fixture.ask(PRICES)
      if (JSON.stringify(data) === '{"item":{"price":2}}') taken += 1
    }
    expect(taken).toBeGreaterThan(260)
    expect(taken).toBeLessThan(340)
  })

  it('comes from one subgraph for one principal, and from the new one for n % of them', async () => {
    const partners = Array.from({ length: 300 }, (_, i) => ({
      ...{ partnerId: `P-${i}`, keyHashes: [hash('sha256', `pk_${i}`)], scopes: [] },
      documentIds: new Set([documentId]),
    }))
    await using fixture = await open({ partners, documents: new Map([[documentId, PRICES]]) })
    const ask = async (i: number): Promise<string> =>
      JSON.stringify(
        bodyOf(await fixture.gateway.execute({ documentId, credentials: { apiKey: `pk_${i}` } })).data,
      )
    const answers: string[] = []
    for (let i = 0; i < partners.length; i += 1) answers.push(await ask(i))
    for (let i = 0; i < 20; i += 1) expect(await ask(i)).toBe(answers[i])
    const taken = answers.filter((answer) => answer === '{"item":{"price":2}}').length
    expect(taken).toBeGreaterThan(60)
    expect(taken).toBeLessThan(120)
  })
})
