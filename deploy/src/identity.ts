import { Duration } from 'aws-cdk-lib'
import {
  AccountRecovery,
  CfnUserPoolGroup,
  FeaturePlan,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  UserPool,
  type UserPoolClient,
} from 'aws-cdk-lib/aws-cognito'
import type { Construct } from 'constructs'
import type { Environment } from './environment.ts'
import { removal } from './logs.ts'

export interface Identity {
  readonly pool: UserPool
  readonly web: UserPoolClient
  readonly console: UserPoolClient
  /** What `iss` says in the pool's tokens. */
  readonly issuer: string
}

/** Who may be in the shop: customers sign up themselves, everybody else is invited into a group. */
export function createIdentity(scope: Construct, environment: Environment): Identity {
  const pool = new UserPool(scope, 'People', {
    userPoolName: `stoa-${environment.name}`,
    signInAliases: { email: true },
    selfSignUpEnabled: true,
    autoVerify: { email: true },
    accountRecovery: AccountRecovery.EMAIL_ONLY,
    mfa: Mfa.OPTIONAL,
    mfaSecondFactor: { otp: true, sms: false },
    featurePlan: FeaturePlan.ESSENTIALS,
    passwordPolicy: { minLength: 12, tempPasswordValidity: Duration.days(3) },
    deletionProtection: environment.keepsData,
    removalPolicy: removal(environment),
  })
  for (const [index, groupName] of groups.entries())
    new CfnUserPoolGroup(scope, `Group-${groupName}`, {
      userPoolId: pool.userPoolId,
      groupName,
      precedence: index,
    })
  pool.addDomain('SignIn', { cognitoDomain: { domainPrefix: `stoa-${environment.name}` } })
  const rights = [
    'orders:read',
    'orders:write',
    'stock:read',
    'stock:write',
    'customers:read',
    'catalog:write',
  ]
  const scopes = rights.map(
    (right) => new ResourceServerScope({ scopeName: right, scopeDescription: right.replace(':', ', ') }),
  )
  const server = pool.addResourceServer('Shop', { identifier: 'stoa', scopes })
  const web = addClient(pool, 'web', { environment, scopes: [] })
  const console = addClient(pool, 'console', {
    environment,
    scopes: scopes.map((one) => OAuthScope.resourceServer(server, one)),
  })
  const issuer = `https://cognito-idp.${environment.region}.amazonaws.com/${pool.userPoolId}`
  return { pool, web, console, issuer }
}

/** In the order of their weight. */
const groups = ['operator', 'kiosk', 'partner', 'customer'] as const

interface ClientParts {
  readonly environment: Environment
  readonly scopes: readonly OAuthScope[]
}

/** A public client: code with PKCE, short tokens, nothing said about who exists. */
function addClient(pool: UserPool, name: string, { environment, scopes }: ClientParts): UserPoolClient {
  const home = `https://${environment.front.domain}`
  return pool.addClient(name, {
    userPoolClientName: `stoa-${environment.name}-${name}`,
    generateSecret: false,
    authFlows: {},
    oAuth: {
      flows: { authorizationCodeGrant: true },
      scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, ...scopes],
      callbackUrls: [`${home}/signed-in`],
      logoutUrls: [home],
    },
    preventUserExistenceErrors: true,
    enableTokenRevocation: true,
    accessTokenValidity: Duration.minutes(15),
    idTokenValidity: Duration.minutes(15),
    refreshTokenValidity: Duration.days(name === 'web' ? 30 : 1),
  })
}
