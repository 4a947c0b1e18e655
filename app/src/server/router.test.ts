import { describe, expect, it } from '@jest/globals'
import { Fault } from '@stoa/platform/fault'
import { type Routes, sendJson } from './router.ts'
import { sendRaw, serve } from './web-server.fixture.ts'

const routes: Routes = {
  'GET /shelf': (_request, response) => sendJson(response, 200, { jumpers: 3 }),
  'POST /shelf': (_request, response) => sendJson(response, 201, {}),
  'GET /images/*': (_request, response, url) => sendJson(response, 200, { path: url.pathname }),
  '* /any': (request, response) => sendJson(response, 200, { method: request.method }),
  'GET /throws': () => {
    throw new Error('the password is on line 7')
  },
  'GET /rejects': async () => {
    throw new Fault('STORE_UNAVAILABLE', 'orders.sqlite is locked')
  },
  'GET /breaks': (_request, response) => {
    response.write('half of it')
    throw new Error('no other half')
  },
}

describe('the router', () => {
  it('hands a request to the route of its method and path, and everything below a star', async () => {
    await using server = await serve(routes)
    expect(await (await fetch(`${server.url}/shelf?colour=navy`)).json()).toEqual({ jumpers: 3 })
    expect((await fetch(`${server.url}/shelf`, { method: 'POST' })).status).toBe(201)
    expect(await (await fetch(`${server.url}/images/a/b.svg`)).json()).toEqual({ path: '/images/a/b.svg' })
    expect(await (await fetch(`${server.url}/any`, { method: 'PUT' })).json()).toEqual({ method: 'PUT' })
  })

  it('answers HEAD wherever it answers GET, without a body', async () => {
    await using server = await serve(routes)
    const response = await fetch(`${server.url}/shelf`, { method: 'HEAD' })
    expect([response.status, await response.text()]).toEqual([200, ''])
  })

  it('names a path where nothing is', async () => {
    await using server = await serve(routes)
    const response = await fetch(`${server.url}/<script>`)
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] })
  })

  it('says which methods a path takes', async () => {
    await using server = await serve(routes)
    const response = await fetch(`${server.url}/shelf`, { method: 'DELETE' })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
    expect(await response.json()).toEqual({
      errors: [{ message: '/shelf takes GET or POST.', extensions: { code: 'METHOD_NOT_ALLOWED' } }],
    })
  })

  it.each(['//', 'http://[', '//%'])('refuses the address %s, which nobody can read', async (address) => {
    await using server = await serve(routes)
    const raw = await sendRaw(server.port, `GET ${address} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    expect(raw).toMatch(/^HTTP\/1.1 400 /)
  })

  it.each(['throws', 'rejects'])(
    'answers 500 when a handler %s, and keeps the reason to itself',
    async (path) => {
      await using server = await serve(routes)
      const response = await fetch(`${server.url}/${path}`)
      const text = await response.text()
      expect(response.status).toBe(500)
      expect(text).toMatch(/"code":"(INTERNAL|STORE_UNAVAILABLE)"/)
      expect(text).not.toMatch(/password|sqlite|\.ts/)
    },
  )

  it('cuts an answer off that broke half-way, so that nobody takes it for whole', async () => {
    await using server = await serve(routes)
    await expect(fetch(`${server.url}/breaks`).then((response) => response.text())).rejects.toThrow()
    expect((await fetch(`${server.url}/shelf`)).status).toBe(200)
  })
})
