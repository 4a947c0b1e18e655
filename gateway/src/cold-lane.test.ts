import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { openFixture } from '../test/fixture.ts'
import { shop } from '../test/small-shop.ts'
import { createColdLane } from './cold-lane.ts'
import { refuse } from './refusal.ts'

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

  it('has room for so many, and again when one is done', async () => {
    const lane = createColdLane()
    const refused = refuse('DOCUMENT_INVALID', 'No.')
    const first = Promise.withResolvers<typeof refused>()
    const never = new Promise<typeof refused>(() => {})
    const made = Array.from({ length: 500 }, (_, i) =>
      lane.once(`${i}`, () => (i === 0 ? first.promise : never)),
    )
    expect(made).not.toContain(undefined)
    expect(lane.once('one more', () => never)).toBeUndefined()
    expect(lane.once('0', () => never)).toBe(made[0])
    first.resolve(refused)
    expect(await made[0]).toBe(refused)
    expect(lane.once('one more', () => never)).toBeDefined()
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
