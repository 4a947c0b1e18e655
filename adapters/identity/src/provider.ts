import { randomBytes } from 'node:crypto'
import { type Configuration, interactionPolicy, Provider } from 'oidc-provider'
import { type Account, defaultClients } from './accounts.ts'
import { errorPage } from './login-form.ts'
import { createLoginPages } from './login-pages.ts'
import { memoryAdapter } from './memory-adapter.ts'
import { AUDIENCE, type IssuerOptions, type RequestHandler } from './options.ts'
import type { SigningKey } from './signing-key.ts'

export interface ProviderParts extends IssuerOptions {
  readonly url: string
  readonly key: SigningKey
}

/** Resource indicators must be URIs (RFC 8707); the audience in the token is the short name. */
const GRAPH = 'urn:stoa:graph'
const ACCESS_TOKEN_SECONDS = 900
/** A working day: so long is somebody signed in, by cookie or by refresh token. */
const SIGNED_IN_SECONDS = 28_800

/** Authorization code with PKCE and refresh, discovery and JWKS; access tokens are JWTs for the graph. */
export function createProvider(parts: ProviderParts): RequestHandler {
  const bySub = new Map(parts.accounts.map((account) => [account.sub, account]))
  const provider = new Provider(parts.url, configuration(parts, bySub))
  const pages = createLoginPages(provider, parts)
  const rest = provider.callback()
  return async (request, response) => {
    if (await pages(request, response)) return
    await rest(request, response)
  }
}

function configuration(parts: ProviderParts, bySub: ReadonlyMap<string, Account>): Configuration {
  const scopes = [...new Set(parts.accounts.flatMap((account) => account.scopes))]
  return {
    adapter: memoryAdapter(parts.clock),
    clients: (parts.clients ?? defaultClients).map(({ clientId, redirectUris }) => ({
      client_id: clientId,
      redirect_uris: [...redirectUris],
      application_type: 'native' as const,
      token_endpoint_auth_method: 'none' as const,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code' as const],
      id_token_signed_response_alg: 'ES256' as const,
    })),
    jwks: { keys: [parts.key.privateJwk] } as NonNullable<Configuration['jwks']>,
    scopes: ['openid', 'offline_access', ...scopes],
    claims: { openid: ['sub', 'email'] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => GRAPH,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: scopes.join(' '),
          audience: AUDIENCE,
          accessTokenTTL: ACCESS_TOKEN_SECONDS,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    findAccount: (_context, sub) => {
      const account = bySub.get(sub)
      return account && { accountId: sub, claims: () => ({ sub, email: account.email }) }
    },
    extraTokenClaims: (_context, token) => {
      const sub = 'accountId' in token ? token.accountId : undefined
      const account = sub === undefined ? undefined : bySub.get(sub)
      if (!account) return undefined
      const { kind, locationId } = account
      return { kind, ...(locationId === undefined ? {} : { locationId }) }
    },
    // Every head may refresh, as with Cognito: the library drops `offline_access` where no consent was asked for.
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    renderError: (context, { error, error_description }) => {
      context.type = 'html'
      context.body = errorPage({ code: error, description: error_description ?? 'The request is not valid.' })
    },
    interactions: {
      url: (_context, interaction) => `/interaction/${interaction.uid}`,
      policy: firstPartyPolicy(),
    },
    // Our own heads ask for nothing but what the account may do, so nobody has to agree twice.
    loadExistingGrant: async ({ oidc }) => {
      const { client, session } = oidc
      const account = bySub.get(session?.accountId ?? '')
      if (!client || !account) return undefined
      const grant = new oidc.provider.Grant({ clientId: client.clientId, accountId: account.sub })
      grant.addOIDCScope('openid offline_access')
      grant.addResourceScope(GRAPH, account.scopes.join(' '))
      await grant.save()
      return grant
    },
    ttl: {
      IdToken: ACCESS_TOKEN_SECONDS,
      AccessToken: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: 60,
      Interaction: 600,
      RefreshToken: SIGNED_IN_SECONDS,
      Session: SIGNED_IN_SECONDS,
      Grant: SIGNED_IN_SECONDS,
    },
  }
}

/** These are our own heads on this machine: signing in is consent enough. */
function firstPartyPolicy(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base()
  const consent = policy.get('consent')
  // A scope the account does not have is left out of the token, not asked about; nor is `prompt=consent`.
  for (const check of ['consent_prompt', 'native_client_prompt', 'rs_scopes_missing', 'op_scopes_missing'])
    consent?.checks.remove(check)
  return policy
}
