import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { openFixture } from '../test/fixture.ts'
import { shop } from '../test/small-shop.ts'
import { createColdLane } from './cold-lane.ts'

describe('the lane of new documents', () => {
  it('gives each a turn of its own, in the order in which they came', async () => {
    const lane = createColdLane()
    const done: string[] = []
    for (const name of ['ada', 'bo', 'cleo']) void lane.turn().then(() => done.push(name))
    const seen: number[] = []
    for (let i = 0; i < 4; i += 1) {
      await turn()
      seen.push(done.length)
    }
    expect(done).toEqual(['ada', 'bo', 'cleo'])
    expect(new Set(seen.slice(0, 3)).size).toBe(3)
  })

  it('has room for so many, and again when one is done', () => {
    const lane = createColdLane()
    const places = Array.from({ length: 500 }, () => lane.enter())
    expect(places).not.toContain(undefined)
    expect(lane.enter()).toBeUndefined()
    places[0]?.[Symbol.dispose]()
    expect(lane.enter()).toBeDefined()
  })
})

describe('a gateway with too many new documents at once', () => {
  it('refuses the last of them, and answers those it knows', async () => {
    await using fixture = await openFixture(shop)
    const known = '{ products { name } }'
    expect((await fixture.ask(known)).errors).toBeUndefined()
    const asked = Array.from({ length: 501 }, (_, i) => fixture.ask(`{ a${i}: product(id: 1) { nowhere } }`))
    expect((await fixture.ask(known)).errors).toBeUndefined()
    const codes = (await Promise.all(asked)).map(({ errors }) => errors?.[0]?.extensions.code)
    expect(codes.at(-1)).toBe('GATEWAY_BUSY')
    expect(codes.filter((code) => code === 'DOCUMENT_INVALID')).toHaveLength(500)
  })
})
