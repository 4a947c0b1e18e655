import { writeFile } from 'node:fs/promises'
import { describe, expect, it } from '@jest/globals'
import { silentLog } from '@stoa/platform/log'
import { listenSubgraph } from '@stoa/platform/subgraph-server'
import { openPart } from '../../test/fixture.ts'
import { refusedGateway, startGateway } from '../../test/gateway-program.ts'
import { serveShop } from '../../test/served-shop.ts'
import { shop } from '../../test/small-shop.ts'

const SECRET = 'a secret of bo and cleo, long enough'

interface Asked {
  readonly request: { readonly idempotencyKey?: string; readonly principal: { readonly kind: string } }
}

const counter = {
  sdl: 'type Query { x: Int } type Mutation { act: String }',
  resolvers: {
    Mutation: {
      act: (_: unknown, __: unknown, { request }: Asked) =>
        `${request.principal.kind} ${request.idempotencyKey}`,
    },
  },
}

const MUTATION = 'mutation @idempotent(key: "K-1") { act }'

describe('npm run gateway', () => {
  it('tells subgraphs that know its secret of the idempotency key', async () => {
    await using served = await serveShop({ counter })
    await using subgraph = await openPart('counter', counter)
    await using listener = await listenSubgraph(subgraph, { port: 0, secret: SECRET, log: silentLog })
    await writeFile(served.path('secret'), `${SECRET}\n`)
    await using gateway = await startGateway(
      ...['--supergraph', served.file, '--secret-file', served.path('secret')],
      ...['--subgraph', `counter=${listener.url}/graphql`],
    )
    expect(await gateway.ask(MUTATION)).toEqual({ data: { act: 'anonymous K-1' } })
  })

  it('refuses idempotency keys where it has no secret, and offers none', async () => {
    await using served = await serveShop(shop)
    await using gateway = await startGateway('--supergraph', served.file)
    const { errors } = await gateway.ask(
      'mutation @idempotent(key: "K-1") { rename(id: "1", name: "Ada") { id } }',
    )
    expect(errors?.[0]?.extensions.code).toBe('IDEMPOTENCY_KEY_UNSUPPORTED')
    const { data } = await gateway.ask('{ __schema { directives { name } } }')
    expect(JSON.stringify(data)).not.toContain('idempotent')
  })

  it('does not start with a secret that is too short, and does not show it', async () => {
    await using served = await serveShop(shop)
    await writeFile(served.path('secret'), 'hunter2')
    const { complaint } = await refusedGateway(
      '--supergraph',
      served.file,
      '--secret-file',
      served.path('secret'),
    )
    expect(complaint).toMatch(/--secret-file: expected 32 characters or more in .*secret, got 7\./)
    expect(complaint).not.toContain('hunter2')
  })
})
