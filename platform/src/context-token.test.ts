import { describe, expect, it } from '@jest/globals'
import { SignJWT } from 'jose'
import { createVirtualClock } from './clock.virtual.ts'
import { bodySha256, signContext, type TokenBinding, verifyContext } from './context-token.ts'
import type { RequestContext } from './subgraph.ts'

const context: RequestContext = {
  principal: { kind: 'customer', customerId: 'CU-ADA', scopes: ['orders:read'] },
  market: 'IT',
  language: 'it',
  correlationId: 'c-1',
  deadline: 2_000_000_000_000,
}
const secret = 'a secret of the shop, long enough!'

function binding(changes: Partial<TokenBinding> = {}): TokenBinding {
  return { secret, audience: 'orders', bodySha256: bodySha256('{}'), clock: createVirtualClock(), ...changes }
}

describe('a context token', () => {
  it('brings the context over as it was signed', async () => {
    const token = await signContext(context, binding())
    expect(await verifyContext(token, binding())).toEqual(context)
  })

  it.each([
    ['another body', { bodySha256: bodySha256('{ }') }, 'for another request body'],
    ['another subgraph', { audience: 'catalog' }, 'for another subgraph'],
    ['another secret', { secret: 'b secret of the shop, long enough!' }, 'not signed by the gateway'],
  ])('is refused with %s', async (_, changes, message) => {
    const token = await signContext(context, binding())
    await expect(verifyContext(token, binding(changes))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining(message),
    })
  })

  it('is good for 60 seconds', async () => {
    const clock = createVirtualClock()
    const token = await signContext(context, binding({ clock }))
    clock.advance(59_000)
    await verifyContext(token, binding({ clock }))
    clock.advance(1_000)
    await expect(verifyContext(token, binding({ clock }))).rejects.toThrow('The token has expired.')
  })

  it('is refused when it is missing, no token, unsigned, or without an end', async () => {
    const [, payload] = (await signContext(context, binding())).split('.')
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`
    const endless = await new SignJWT({ context, body: bodySha256('{}') })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience('orders')
      .sign(Buffer.from(secret))
    for (const token of [undefined, '', 'nonsense', unsigned, endless]) {
      await expect(verifyContext(token, binding())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    }
  })

  it('needs a secret of 32 characters', async () => {
    await expect(signContext(context, binding({ secret: 'short' }))).rejects.toMatchObject({
      code: 'BAD_CONFIG',
    })
  })
})
