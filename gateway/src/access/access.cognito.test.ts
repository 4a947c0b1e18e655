import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import type { LocalServer } from '@stoa/servers/local-server'
import { startMoto, whyNoMoto } from '@stoa/servers/moto'
import { openHttpFixture } from '../../test/http-fixture.ts'
import type { GatewayOptions } from '../options.ts'

const PASSWORD = 'Correct-horse-7'
const parts = {
  a: {
    sdl: 'type Query { who: String }',
    resolvers: {
      Query: {
        who: (_: unknown, __: unknown, context: { request: { principal: unknown } }) =>
          JSON.stringify(context.request.principal),
      },
    },
  },
}

interface Pool {
  readonly id: string
  readonly shop: string
  readonly other: string
}

const reason = whyNoMoto()
const describeHere = reason ? describe.skip : describe

describeHere(reason ? `Cognito is not tried: ${reason}` : 'tokens of a Cognito user pool', () => {
  let server: LocalServer
  let client: CognitoIdentityProviderClient
  let pool: Pool
  let foreign: Pool

  beforeAll(async () => {
    server = await startMoto()
    client = new CognitoIdentityProviderClient({
      endpoint: server.endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    })
    pool = await createPool()
    foreign = await createPool()
  })
  afterAll(async () => {
    client.destroy()
    await server[Symbol.asyncDispose]()
  })

  async function createPool(): Promise<Pool> {
    const { UserPool } = await client.send(new CreateUserPoolCommand({ PoolName: 'stoa' }))
    const id = UserPool?.Id ?? ''
    for (const GroupName of ['operators', 'kiosks', 'location:MIL-01', 'orders:read'])
      await client.send(new CreateGroupCommand({ UserPoolId: id, GroupName }))
    return { id, shop: await createApp(id, 'shop'), other: await createApp(id, 'other') }
  }

  async function createApp(UserPoolId: string, ClientName: string): Promise<string> {
    const { UserPoolClient } = await client.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName }))
    return UserPoolClient?.ClientId ?? ''
  }

  let users = 0
  async function signIn(at: Pool, app: string, groups: readonly string[] = []) {
    users += 1
    const user = { UserPoolId: at.id, Username: `ada-${users}` }
    await client.send(new AdminCreateUserCommand(user))
    await client.send(new AdminSetUserPasswordCommand({ ...user, Password: PASSWORD, Permanent: true }))
    for (const GroupName of groups) await client.send(new AdminAddUserToGroupCommand({ ...user, GroupName }))
    const { AuthenticationResult } = await client.send(
      new AdminInitiateAuthCommand({
        UserPoolId: at.id,
        ClientId: app,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: user.Username, PASSWORD },
      }),
    )
    return { access: AuthenticationResult?.AccessToken ?? '', id: AuthenticationResult?.IdToken ?? '' }
  }

  function options(more: Partial<GatewayOptions> = {}): Partial<GatewayOptions> {
    const issuer = `https://cognito-idp.eu-west-1.amazonaws.com/${pool.id}`
    const jwks = `${server.endpoint}/${pool.id}/.well-known/jwks.json`
    return { clock: systemClock, issuer: { issuer, audience: [pool.shop], jwks }, ...more }
  }

  type Served = Awaited<ReturnType<typeof openHttpFixture>>
  async function ask(served: Served, token: string) {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    return await served.send({ method: 'POST', headers, body: JSON.stringify({ query: '{ who }' }) })
  }
  async function who(served: Served, token: string): Promise<unknown> {
    const { body } = await ask(served, token)
    return typeof body === 'object' && body && 'data' in body && JSON.parse(Object(body.data).who)
  }

  it('are taken, and groups say who it is and what they may', async () => {
    await using served = await openHttpFixture(parts, options())
    const ada = await signIn(pool, pool.shop)
    expect(await who(served, ada.access)).toMatchObject({ kind: 'customer', scopes: [] })
    const bo = await signIn(pool, pool.shop, ['operators', 'orders:read'])
    expect(await who(served, bo.access)).toMatchObject({ kind: 'operator', scopes: ['orders:read'] })
    const kiosk = await signIn(pool, pool.shop, ['kiosks', 'location:MIL-01'])
    expect(await who(served, kiosk.access)).toMatchObject({ kind: 'kiosk', locationId: 'MIL-01' })
  })

  it('are refused when they are for something else', async () => {
    await using served = await openHttpFixture(parts, options())
    const bad = [
      (await signIn(pool, pool.shop)).id,
      (await signIn(pool, pool.other)).access,
      (await signIn(foreign, foreign.shop)).access,
      (await signIn(pool, pool.shop)).access.replace(/.{4}$/, 'AAAA'),
    ]
    for (const token of bad)
      expect(await ask(served, token)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
  })

  it('are refused when they have expired', async () => {
    const late = createVirtualClock(Date.now() + 2 * 3_600_000)
    await using served = await openHttpFixture(parts, options({ clock: late }))
    const { access } = await signIn(pool, pool.shop)
    const refused = await ask(served, access)
    expect(refused).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
    expect(refused.body).toMatchObject({ errors: [{ message: expect.stringContaining('has expired') }] })
  })

  it('are still taken while the pool is away; a gateway that never had its keys says that it cannot know', async () => {
    await using served = await openHttpFixture(parts, options())
    await using fresh = await openHttpFixture(parts, options())
    const ada = await signIn(pool, pool.shop)
    const bo = await signIn(pool, pool.shop)
    expect((await ask(served, ada.access)).status).toBe(200)
    await server.kill()
    expect((await ask(served, bo.access)).status).toBe(200)
    expect(await ask(fresh, ada.access)).toMatchObject({ status: 503, code: 'ISSUER_UNAVAILABLE' })
  })
})
