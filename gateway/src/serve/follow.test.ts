import { rm } from 'node:fs/promises'
import { describe, expect, it } from '@jest/globals'
import { type Answer, type GatewayProgram, startGateway } from '../../test/gateway-program.ts'
import { serveShop, withoutUrls } from '../../test/served-shop.ts'
import { shop } from '../../test/small-shop.ts'

const QUERY = '{ products { name reviews(first: 1) { text } } }'
const extra = { sdl: 'type Query { x: Int }', resolvers: { Query: { x: () => 1 } } }

interface Load {
  /** Ends it; every answer there was. */
  stop(): Promise<readonly Answer[]>
}

/** Clients that ask without a pause. */
function askAlways(gateway: GatewayProgram, clients: number): Load {
  const answers: Answer[] = []
  let isOver = false
  const client = async (): Promise<void> => {
    while (!isOver) answers.push(await gateway.ask(QUERY))
  }
  const running = Array.from({ length: clients }, client)
  return {
    async stop() {
      isOver = true
      await Promise.all(running)
      return answers
    },
  }
}

describe('a supergraph that changes', () => {
  it('is taken with a new subgraph and without one, under load, and not one request fails', async () => {
    await using served = await serveShop({ ...shop, extra }, shop)
    await using gateway = await startGateway('--supergraph', served.file)
    const load = askAlways(gateway, 4)
    const more = { ...shop, extra }
    for (const [i, parts] of [more, shop, more].entries()) {
      const { supergraph: digest } = await served.offer(`# ${i}\n${served.supergraphOf(parts)}`)
      await gateway.said(`"supergraph":"${digest}","msg":"supergraph taken"`)
      expect((await gateway.get('/readyz')).body['supergraph']).toBe(digest)
    }
    expect(await gateway.ask('{ x }')).toEqual({ data: { x: 1 } })
    const answers = await load.stop()
    expect(answers.filter(({ errors }) => errors !== undefined)).toEqual([])
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    // Three times a process checks and another plans, while the clients take all the time there is.
  }, 60_000)

  const bad: readonly (readonly [string, (good: string) => string, RegExp])[] = [
    ['that is no SDL', () => 'type {', /Expected a composed supergraph in SDL/],
    ['that was not composed', () => 'type Query { a: Int }', /Compose it first/],
    [
      'whose types do not stand',
      (good) => good.replace('products: [Product!]!', 'products: [Nothing!]!'),
      /Nothing/,
    ],
    ['with a subgraph without a URL', withoutUrls, /URL for catalog, reviews/],
    [
      'that contradicts itself so that the planner panics',
      (good) => good.replace('  weight: Int', '  heft: Int'),
      /The planner cannot open this supergraph.*Field 'weight' not found/,
    ],
  ]
  it('is missed when its file is gone, and taken when it is back', async () => {
    await using served = await serveShop(shop)
    await using gateway = await startGateway('--supergraph', served.file)
    const running = gateway.ready['supergraph']
    await rm(served.file)
    expect(await gateway.said('The file is gone')).toMatchObject({ msg: 'supergraph refused', running })
    expect((await gateway.get('/readyz')).body).toMatchObject({ supergraph: running, refused: 'gone' })
    await served.offer(served.supergraphOf(shop))
    await gateway.said('supergraph taken')
    expect((await gateway.get('/readyz')).body['refused']).toBeUndefined()
  })

  it('is refused when it is bad, with its reason; the old one stays until a good one comes', async () => {
    await using served = await serveShop(shop)
    await using gateway = await startGateway('--supergraph', served.file)
    const good = served.supergraphOf(shop)
    const running = gateway.ready['supergraph']
    for (const [what, change, reason] of bad) {
      const { supergraph } = await served.offer(change(good))
      const refusal = await gateway.said(`"supergraph":"${supergraph}"`)
      expect({ ...refusal, what }).toMatchObject({
        what,
        running,
        msg: 'supergraph refused',
        code: 'BAD_SCHEMA',
      })
      expect(refusal['reason']).toMatch(reason)
      const ready = await gateway.get('/readyz')
      expect(ready).toMatchObject({ status: 200, body: { supergraph: running, refused: supergraph } })
      expect((await gateway.ask(QUERY)).errors).toBeUndefined()
    }
    const { supergraph: next } = await served.offer(`${good}\n# later\n`)
    await gateway.said(`"supergraph":"${next}"`)
    const { body } = await gateway.get('/readyz')
    expect(body).toEqual({ ready: true, supergraph: next, subgraphs: ['catalog', 'reviews'] })
  })
})
