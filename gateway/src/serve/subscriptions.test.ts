import { describe, expect, it } from '@jest/globals'
import { createEventChannel } from '../../test/event-channel.ts'
import { serveEvents } from '../../test/event-subgraph.ts'
import { refusedGateway, startGateway } from '../../test/gateway-program.ts'
import { socketClient } from '../../test/live-server.ts'
import { liveParts } from '../../test/live-shop.ts'
import { serveShop } from '../../test/served-shop.ts'

const watch = 'subscription { orderChanged { orderId status } }'

describe('npm run gateway', () => {
  it('serves subscriptions whose source is a WebSocket, and closes them with 1001 when it is stopped', async () => {
    const orders = createEventChannel<object>()
    await using source = await serveEvents(orders)
    await using shop = await serveShop(liveParts(orders, new Map([['O-1', 'CREATED']])))
    const where = [
      '--supergraph',
      shop.file,
      '--subgraph',
      `live=${source.url}`,
      '--subscriptions',
      'live=ws',
    ]
    await using program = await startGateway(...where)
    const client = socketClient(`${program.url.replace('http', 'ws')}/graphql`)
    const items = client.iterate({ query: watch })
    await orders.until(1)
    orders.tell({ orderChanged: { orderId: 'O-1' } })
    expect((await items.next()).value).toEqual({
      data: { orderChanged: { orderId: 'O-1', status: 'CREATED' } },
    })
    const ended = items.next().catch((reason: unknown) => reason)
    program.signal('SIGTERM')
    expect(await ended).toMatchObject({ code: 1001 })
    expect(await program.ended).toBe(0)
  })

  it('names a subgraph of --subscriptions that is not there', async () => {
    await using shop = await serveShop(liveParts(createEventChannel(), new Map()))
    const { code, complaint } = await refusedGateway(
      ...['--supergraph', shop.file, '--subscriptions', 'lvie=ws'],
    )
    expect(code).toBe(1)
    expect(complaint).toContain('--subscriptions names what the supergraph does not have: lvie')
  })
})
