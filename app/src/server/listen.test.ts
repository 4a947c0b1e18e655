import { createServer, type Server } from 'node:http'
import { afterEach, describe, expect, it } from '@jest/globals'
import { listenFrom } from './listen.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

function server(): Server {
  const made = createServer()
  servers.push(made)
  return made
}

describe('listening', () => {
  it('takes any free port for 0, on this machine only', async () => {
    const one = server()
    const { url, port, busy } = await listenFrom(one, 0)
    expect(port).toBeGreaterThan(0)
    expect([url, busy]).toEqual([`http://localhost:${port}`, []])
    expect(one.address()).toMatchObject({ address: '127.0.0.1' })
  })

  it('names a taken port and takes a free one after it', async () => {
    const { port: taken } = await listenFrom(server(), 0)
    const { port, busy } = await listenFrom(server(), taken)
    expect(port).toBeGreaterThan(taken)
    expect(busy[0]).toBe(taken)
    expect(busy).toHaveLength(port - taken)
  })

  it('gives up at the last port there is, and says what was tried', async () => {
    await listenFrom(server(), 65_535).catch(() => {})
    await expect(listenFrom(server(), 65_535)).rejects.toMatchObject({
      code: 'OVERLOADED',
      message: 'Ports 65535 to 65535 are all taken. Free one or give another with --port.',
    })
  })
})
