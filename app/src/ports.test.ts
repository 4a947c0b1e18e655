import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { openNear, portsBeside } from './ports.ts'

describe('the ports of the issuer and the simulators', () => {
  it('follow from the port of the shop', () => {
    expect(portsBeside(4000)).toEqual({
      issuer: 4020,
      payment: 4040,
      wms: 4060,
      erp: 4080,
      notification: 4100,
    })
  })

  it.each([0, 65_500])('are any where port %d leaves no room for them', (port) => {
    expect(portsBeside(port)).toEqual({})
  })

  it('are left to whoever has them', async () => {
    const holder = await listenAt(0)
    const server = await openNear(portOf(holder), listenAt)
    expect(portOf(server)).not.toBe(portOf(holder))
    for (const one of [holder, server]) one.close()
  })
})

async function listenAt(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function portOf(server: Server): number {
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('Expected a server that listens.')
  return address.port
}
