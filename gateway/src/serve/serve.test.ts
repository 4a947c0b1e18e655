import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { type GatewayProgram, refusedGateway, startGateway } from '../../test/gateway-program.ts'
import { type ServedShop, serveShop, withoutUrls } from '../../test/served-shop.ts'
import { shop } from '../../test/small-shop.ts'

const QUERY = '{ products { name reviews(first: 1) { text } } }'
const ANSWER = {
  products: [
    { name: 'Tee', reviews: [{ text: 'text of r-1' }] },
    { name: 'Mug', reviews: [{ text: 'text of r-2' }] },
  ],
}

describe('npm run gateway', () => {
  it('serves a supergraph over the URLs in it, open as a developer wants it', async () => {
    await using served = await serveShop(shop)
    await using gateway = await startGateway('--supergraph', served.file)
    expect(await gateway.ask(QUERY)).toEqual({ data: ANSWER })
    expect((await gateway.ask('{ __type(name: "Product") { kind } }')).data).toEqual({
      __type: { kind: 'OBJECT' },
    })
    expect(await gateway.get('/readyz')).toEqual({
      status: 200,
      body: {
        ready: true,
        supergraph: expect.stringMatching(/^[0-9a-f]{12}$/),
        subgraphs: ['catalog', 'reviews'],
      },
    })
    expect(await gateway.get('/livez')).toEqual({ status: 200, body: { live: true } })
    expect((await gateway.get('/version')).body).toMatchObject({ node: process.versions.node })
    expect((await gateway.get('/graphqlx')).status).toBe(404)
  })

  it('takes a URL on the command line in place of the one in the supergraph', async () => {
    await using served = await serveShop(shop)
    await served.replace(withoutUrls(served.supergraphOf(shop)))
    const { catalog = '', reviews = '' } = served.urls
    await using gateway = await startGateway(
      ...['--supergraph', served.file],
      ...['--subgraph', `catalog=${catalog}`, '--subgraph', `reviews=${reviews}`],
    )
    expect(await gateway.ask(QUERY)).toEqual({ data: ANSWER })
  })

  it('runs trusted documents alone with --production', async () => {
    await using served = await serveShop(shop)
    const id = `sha256:${createHash('sha256').update(QUERY).digest('hex')}`
    await writeFile(served.path('documents.json'), JSON.stringify({ [id]: QUERY }))
    await using gateway = await startGateway(
      ...['--supergraph', served.file, '--production', '--trusted', served.path('documents.json')],
    )
    expect((await gateway.get(`/graphql?documentId=${id}`)).body).toEqual({ data: ANSWER })
    expect((await gateway.ask(QUERY)).errors?.[0]?.extensions.code).toBe('DOCUMENT_REQUIRED')
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('ends well on %s', async (signal) => {
    await using served = await serveShop(shop)
    await using gateway = await startGateway('--supergraph', served.file)
    await gateway.ask(QUERY)
    gateway.signal(signal)
    const told = await Promise.all(['stopping', 'stopped'].map((what) => gateway.said(`"msg":"${what}"`)))
    expect(told).toMatchObject([{ msg: 'stopping' }, { msg: 'stopped' }])
    expect(await gateway.ended).toBe(0)
  })
})

describe('a gateway that is told to stop', () => {
  it('is not ready any more, takes nobody new, and answers what is under way', async () => {
    const asked = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    const reviews = withLatest(async () => {
      asked.resolve()
      await gate.promise
      return []
    })
    await using served = await serveShop({ ...shop, reviews })
    await using gateway = await startGateway('--supergraph', served.file)
    const underWay = gateway.ask('{ latest { id } }')
    await asked.promise
    gateway.signal('SIGTERM')
    await refused(gateway)
    gate.resolve()
    expect(await underWay).toEqual({ data: { latest: [] } })
    expect(await gateway.ended).toBe(0)
  })
})

function withLatest(latest: () => Promise<readonly object[]>): typeof shop.reviews {
  const { resolvers } = shop.reviews
  return { ...shop.reviews, resolvers: { ...resolvers, Query: { latest } } }
}

/** Resolves once nobody new is let in. */
async function refused(gateway: GatewayProgram): Promise<void> {
  for (;;) {
    const answer = await gateway.get('/readyz').catch(() => undefined)
    if (answer === undefined) return
    if (answer.status === 503) expect(answer.body).toMatchObject({ ready: false })
  }
}

describe('a gateway that cannot start', () => {
  const withFile = (text: string) => async (served: ServedShop) => {
    await served.replace(text)
    return ['--supergraph', served.file]
  }
  const cases: readonly (readonly [string, (served: ServedShop) => Promise<string[]>, RegExp])[] = [
    [
      'no file',
      async (served) => ['--supergraph', served.path('gone')],
      /--supergraph: .*: there is no such file/,
    ],
    [
      'a folder for a file',
      async (served) => ['--supergraph', served.folder],
      /--supergraph: .*: it is a folder/,
    ],
    [
      'what is no SDL',
      withFile('type {'),
      /BAD_SCHEMA: Expected a composed supergraph in SDL: .*supergraph\.graphql:1:6: Syntax Error/,
    ],
    [
      'a label that no field has',
      async ({ file }) => ['--supergraph', file, '--label', 'nope'],
      /--label names what no @override\(label:\) of the supergraph has: nope\. It has none\./,
    ],
    ['a schema that was not composed', withFile('type Query { a: Int }'), /Compose it first/],
    [
      'a subgraph that the supergraph does not have',
      async ({ file }) => ['--supergraph', file, '--subgraph', 'review=http://127.0.0.1:1/graphql'],
      /does not have: review\. It has: catalog, reviews/,
    ],
    [
      'a manifest whose ids do not fit',
      async ({ file, path }) => {
        await writeFile(path('documents.json'), '{"sha256:00": "{ a }"}')
        return ['--supergraph', file, '--trusted', path('documents.json')]
      },
      /Expected the trusted document "sha256:00"/,
    ],
    [
      'a manifest that is no object',
      async ({ file }) => ['--supergraph', file, '--trusted', file],
      /--trusted: expected a JSON object/,
    ],
  ]
  it.each(cases)('names %s', async (_what, argsFor, reason) => {
    await using served = await serveShop(shop)
    const { code, complaint, output } = await refusedGateway('--port', '0', ...(await argsFor(served)))
    expect(complaint).toMatch(reason)
    expect(complaint).not.toMatch(/\n\s+at /)
    expect({ code, output }).toEqual({ code: 1, output: '' })
  })

  it('names files that it cannot read beside all other mistakes', async () => {
    const { complaint } = await refusedGateway('--supergraph', 'gone', '--trusted', 'lost', '--port', 'x')
    expect(complaint).toMatch(/--port: .*\n.*--supergraph: .*gone: there is no such.*\n.*--trusted: .*lost/)
  })

  it('names subgraphs without a URL', async () => {
    await using served = await serveShop(shop)
    await served.replace(withoutUrls(served.supergraphOf(shop)))
    const { complaint } = await refusedGateway('--supergraph', served.file)
    expect(complaint).toMatch(/URL for catalog, reviews/)
  })

  it('names a port that is taken', async () => {
    await using served = await serveShop(shop)
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    // A server that listens on a port has an address of this kind.
    const { port } = other.address() as AddressInfo
    const { code, complaint } = await refusedGateway('--supergraph', served.file, '--port', String(port))
    other.close()
    expect(complaint).toMatch(`127.0.0.1:${port} is taken by another program`)
    expect(code).toBe(1)
  })
})
