import { Duration } from 'aws-cdk-lib'
import {
  AccountRecovery,
  CfnUserPoolGroup,
  FeaturePlan,
  Mfa,
  OAuthScope,
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
  for (const groupName of [...kinds, ...rights])
    new CfnUserPoolGroup(scope, `Group-${groupName}`, { userPoolId: pool.userPoolId, groupName })
  pool.addDomain('SignIn', { cognitoDomain: { domainPrefix: `stoa-${environment.name}` } })
  // For clients that sign in as themselves, one a partner; of people, groups say what they may.
  pool.addResourceServer('Shop', {
    identifier: 'stoa',
    scopes: rights.map((scopeName) => ({ scopeName, scopeDescription: scopeName.replace(':', ', ') })),
  })
  const web = addClient(pool, 'web', environment)
  const console = addClient(pool, 'console', environment)
  const issuer = `https://cognito-idp.${environment.region}.amazonaws.com/${pool.userPoolId}`
  return { pool, web, console, issuer }
}

/** What somebody is; in none of these, a customer. As gateway/src/access/cognito.ts reads them. */
const kinds = ['operators', 'kiosks', 'partners'] as const

/** What somebody may do, a group each: Cognito gives scopes to clients, not to people. */
const rights = [
  'orders:read',
  'orders:write',
  'stock:read',
  'stock:write',
  'customers:read',
  'catalog:write',
] as const

/** A public client: code with PKCE, short tokens, nothing said about who exists. */
function addClient(pool: UserPool, name: string, environment: Environment): UserPoolClient {
  const home = `https://${environment.front.domain}`
  return pool.addClient(name, {
    userPoolClientName: `stoa-${environment.name}-${name}`,
    generateSecret: false,
    authFlows: {},
    oAuth: {
      flows: { authorizationCodeGrant: true },
      scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
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
