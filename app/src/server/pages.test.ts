import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { openIdentity } from '../identity.ts'
import { indexPage } from '../pages/index-page.ts'
import { escapeHtml } from '../pages/page.ts'
import { version } from '../version.ts'
import { graphRoutes } from './graph-routes.ts'
import { healthRoutes } from './health-routes.ts'
import { pageRoutes } from './page-routes.ts'
import { serve } from './web-server.fixture.ts'

const HOSTILE = `"><script>alert('x')</script>&`
const stack = new AsyncDisposableStack()
let url = ''

/** The edge before its subgraphs run. */
beforeAll(async () => {
  const parts = { clock: systemClock, random: systemRandom, log: silentLog, customers: [] }
  const identity = stack.use(await openIdentity(parts))
  const nothingYet = (): undefined => undefined
  const routes = {
    ...pageRoutes(identity, nothingYet),
    ...healthRoutes(nothingYet),
    ...graphRoutes(nothingYet),
  }
  url = stack.use(await serve(routes)).url
})
afterAll(async () => await stack.disposeAsync())

describe('the pages', () => {
  it('escape what did not come from us', () => {
    expect(escapeHtml(HOSTILE)).toBe('&#34;&#62;&#60;script&#62;alert(&#39;x&#39;)&#60;/script&#62;&#38;')
    const { body } = indexPage({
      version: HOSTILE,
      subgraphs: [{ name: HOSTILE, fields: 1 }],
      simulators: [{ name: HOSTILE, url: HOSTILE }],
      accounts: [{ who: HOSTILE, email: HOSTILE, password: HOSTILE }],
      issuer: HOSTILE,
    })
    expect(body).not.toContain('<script>')
  })

  it.each(['/', '/events', '/sandbox'])('%s loads nothing from elsewhere', async (path) => {
    const response = await fetch(`${url}${path}`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
    expect(response.headers.get('content-security-policy')).not.toMatch(/https?:|\*/)
    expect(await response.text()).not.toMatch(/(src|href)="(https?:)?\/\//)
  })

  it('link only to what is there', async () => {
    const pages = await Promise.all(['/', '/events', '/sandbox'].map((path) => fetch(`${url}${path}`)))
    const texts = await Promise.all(pages.map((page) => page.text()))
    const links = new Set(
      texts.flatMap((text) => [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, to]) => to)),
    )
    // The graph and the readiness have an answer of their own while nothing is open.
    for (const to of [...links].filter((link) => link !== '/graphql' && link !== '/readyz'))
      expect([to, (await fetch(`${url}${to}`)).status]).toEqual([to, 200])
  })

  it.each([
    ['/assets/../server/hooks.ts', 404],
    ['/assets/%2e%2e/package.json', 404],
    ['/assets/nothing.js', 404],
    ['/sandbox/files/nothing.js', 404],
    ['/images/P-KNI-0001.svg', 200],
    ['/images/P-<b>.svg', 404],
  ])('answer %s with %i', async (path, status) => {
    expect((await fetch(`${url}${path}`)).status).toBe(status)
  })

  it('hand the sandbox its operations and tokens, which nobody may keep', async () => {
    const response = await fetch(`${url}/sandbox/config.json`)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toMatchObject({ tokens: { operator: expect.stringMatching(/^ey/) } })
  })
})

describe('the health of a shop that is not open yet', () => {
  it('is alive and says what it is, but wants no traffic', async () => {
    expect(await (await fetch(`${url}/livez`)).json()).toEqual({ live: true })
    expect(await (await fetch(`${url}/version`)).json()).toEqual({ version, node: process.versions.node })
    const ready = await fetch(`${url}/readyz`)
    expect([ready.status, await ready.json()]).toEqual([503, { ready: false, subgraphs: [] }])
  })

  it('asks those who query to come back', async () => {
    const response = await fetch(`${url}/graphql`, { method: 'POST', body: '{}' })
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] })
  })
})
