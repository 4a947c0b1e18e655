import { once } from 'node:events'
import { createConnection } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import type { Envelope } from '@stoa/platform/event'
import { openMemoryBus } from '@stoa/platform/event-bus.memory'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { openEventsStream } from './events-stream.ts'
import { serve } from './web-server.fixture.ts'

function fact(number: number, stream = `order-O-${number}`): Envelope {
  const data = {
    email: 'ada@example.test',
    orderNumber: '1-2',
    reason: 'ask Ada',
    lines: [{ sku: 'TEE-1' }],
  }
  const meta = { correlationId: `c-${number}` }
  return {
    id: `e-${number}`,
    type: 'OrderCreated',
    at: number,
    stream,
    version: 1,
    source: 'orders',
    data,
    meta,
  }
}

async function openView(): Promise<AsyncDisposable & Awaited<ReturnType<typeof parts>>> {
  const opened = await parts()
  return {
    ...opened,
    async [Symbol.asyncDispose]() {
      await opened.live[Symbol.asyncDispose]()
      await opened.server[Symbol.asyncDispose]()
      await opened.bus[Symbol.asyncDispose]()
    },
  }
}

async function parts() {
  const bus = openMemoryBus({ clock: systemClock, random: systemRandom, log: silentLog })
  const live = await openEventsStream(bus)
  const server = await serve({ 'GET /events/stream': live.stream })
  return { bus, live, server, url: `${server.url}/events/stream` }
}

/** Reads on until `count` events came; answers all text so far. */
async function read(response: Response, count: number): Promise<string> {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  while ((text.match(/^data: /gm)?.length ?? 0) < count) {
    const chunk = await reader?.read()
    if (!chunk || chunk.done) break
    text += decoder.decode(chunk.value, { stream: true })
  }
  reader?.releaseLock()
  return text
}

function idsIn(text: string): readonly string[] {
  return [...text.matchAll(/^id: (.*)$/gm)].map((match) => match[1] ?? '')
}

function numbered(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, step) => `e-${from + step}`)
}

describe('the live view of the bus', () => {
  it('shows the last 50 facts, oldest first, then each as it is told, each once', async () => {
    await using view = await openView()
    await view.bus.publish(Array.from({ length: 60 }, (_, index) => fact(index + 1)))
    await view.bus.idle()
    const response = await fetch(view.url)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(idsIn(await read(response, 50))).toEqual(numbered(11, 60))
    await view.bus.publish([fact(61), fact(60)])
    expect(idsIn(await read(response, 1))).toEqual(['e-61'])
  })

  it('shows what is told while the last 50 are being looked up once, too', async () => {
    await using view = await openView()
    const [response] = await Promise.all([fetch(view.url), view.bus.publish([fact(1), fact(2)])])
    await view.bus.publish([fact(3)])
    expect(idsIn(await read(response, 3))).toEqual(['e-1', 'e-2', 'e-3'])
  })

  it('shows which fact, and nothing of anybody', async () => {
    await using view = await openView()
    await view.bus.publish([fact(1)])
    const text = await read(await fetch(view.url), 1)
    expect(text).toContain('"type":"OrderCreated"')
    expect(text).not.toMatch(/ada@example\.test|ask Ada/)
    expect(text).toContain('"about":{"orderNumber":"1-2","skus":"TEE-1"}')
  })

  it('turns the 101st viewer away, and takes one again when another has left', async () => {
    await using view = await openView()
    const leaving = new AbortController()
    const first = await fetch(view.url, { signal: leaving.signal })
    const others = await Promise.all(Array.from({ length: 99 }, () => fetch(view.url)))
    expect(others.every(({ status }) => status === 200)).toBe(true)
    const refused = await fetch(view.url)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30'])
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] })
    leaving.abort()
    await first.text().catch(() => {})
    let status = 503
    while (status === 503) status = (await fetch(view.url)).status
    expect(status).toBe(200)
  })

  it('hangs up on a viewer that does not read, and goes on with the others', async () => {
    await using view = await openView()
    const sleeper = createConnection(view.server.port, '127.0.0.1').pause()
    sleeper.on('error', () => {})
    sleeper.write('GET /events/stream HTTP/1.1\r\nhost: x\r\n\r\n')
    const awake = await fetch(view.url)
    const long = 'x'.repeat(400_000)
    for (let i = 1; i <= 40; i++) {
      await view.bus.publish([fact(i, `order-${i}-${long}`)])
      await read(awake, 1)
      await setImmediate()
    }
    let bytes = 0
    sleeper.on('data', (chunk) => {
      bytes += chunk.length
    })
    await once(sleeper.resume(), 'close')
    expect(bytes).toBeLessThan(40 * long.length)
    await view.bus.publish([fact(99)])
    expect(idsIn(await read(awake, 1))).toContain('e-99')
  })

  it('ends for everybody when the shop closes', async () => {
    await using view = await openView()
    const response = await fetch(view.url)
    view.live.endAll()
    expect(await response.text()).toBe('')
  })
})
