import { describe, expect, it } from '@jest/globals'
import { refusedGateway, startGateway } from '../../test/gateway-program.ts'
import { serveShop } from '../../test/served-shop.ts'
import { shop } from '../../test/small-shop.ts'

const QUERY = '{ products { name } }'

/** Each request over a connection of its own, so that they are spread over the workers. */
async function digests(url: string, times: number): Promise<Set<string>> {
  const found = new Set<string>()
  for (let i = 0; i < times; i++) {
    const response = await fetch(`${url}/readyz`, { headers: { connection: 'close' } })
    const { supergraph, refused = '' } = JSON.parse(await response.text())
    found.add(`${supergraph} ${refused}`)
  }
  return found
}

describe('several workers', () => {
  it('serve on one port, all take a new supergraph, and all know of one that was refused', async () => {
    await using served = await serveShop(shop)
    await using gateway = await startGateway('--supergraph', served.file, '--workers', '2')
    expect((await gateway.ask(QUERY)).errors).toBeUndefined()
    const { supergraph: next } = await served.offer(`${served.supergraphOf(shop)}\n# next\n`)
    await gateway.said(`"supergraph":"${next}"`)
    expect(await digests(gateway.url, 6)).toEqual(new Set([`${next} `]))
    const { supergraph: bad } = await served.offer('type {')
    await gateway.said(`"supergraph":"${bad}"`)
    expect([...(await digests(gateway.url, 6))]).toContain(`${next} ${bad}`)
    gateway.signal('SIGTERM')
    expect(await gateway.ended).toBe(0)
  })

  it('are started anew when they end, with the supergraph that is served then', async () => {
    await using served = await serveShop(shop)
    await using gateway = await startGateway('--supergraph', served.file, '--workers', '2')
    const { worker } = await gateway.said('"msg":"worker started"')
    const { supergraph: next } = await served.offer(`${served.supergraphOf(shop)}\n# next\n`)
    await gateway.said(`"supergraph":"${next}"`)
    await served.offer('type {')
    process.kill(Number(worker), 'SIGKILL')
    expect((await gateway.said('a worker ended'))['how']).toBe(`worker ${worker} ended (SIGKILL)`)
    await gateway.said('"msg":"worker started"', 3)
    for (const digest of await digests(gateway.url, 6)) expect(digest).toMatch(next)
    expect((await gateway.ask(QUERY)).errors).toBeUndefined()
  })

  it('say why none of them could start', async () => {
    await using served = await serveShop(shop)
    await served.replace('type {')
    const { code, complaint } = await refusedGateway('--supergraph', served.file, '--workers', '2')
    expect(complaint).toMatch(/BAD_SCHEMA: Expected a composed supergraph in SDL/)
    expect(code).toBe(1)
  })
})
