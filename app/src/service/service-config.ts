import { requireConfig } from '@stoa/platform/config'
import type { Env } from '@stoa/platform/subgraph'
import { z } from 'zod'
import { type StackName, stackNames } from '../stacks/stack-name.ts'

const secret = z.string().min(32).meta({ secret: true })
const url = (example: string): z.ZodURL => z.url({ protocol: /^https?$/ }).meta({ example })

const common = {
  STOA_STACK: z.enum(stackNames).default('aws').meta({ example: 'aws' }),
  STOA_HOST: z.string().default('0.0.0.0').meta({ example: '0.0.0.0' }),
  STOA_PORT: z.coerce.number().int().min(0).max(65_535).meta({ example: '4000' }),
  /** Of the embedded stack; absent: in memory. */
  STOA_FOLDER: z.string().exactOptional().meta({ example: '/data' }),
  STOA_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info').meta({ example: 'info' }),
  STOA_INTERNAL_SECRET: secret,
}

const forSubgraph = z.object(common)

const forGateway = z.object({
  ...common,
  WEBHOOK_SECRET: secret,
  STOA_SUBGRAPHS: z
    .string()
    .regex(/^[a-z]+=https?:\/\/[^\s,]+(,[a-z]+=https?:\/\/[^\s,]+)*$/)
    .meta({ example: 'catalog=http://inner:4101/graphql,orders=http://inner:4103/graphql' }),
  OIDC_ISSUER: url('https://login.example/pool'),
  OIDC_AUDIENCE: z.string().meta({ example: 'stoa' }),
  /** Where the issuer's keys are. Default: `/.well-known/jwks.json` below the issuer, as Cognito has them. */
  OIDC_JWKS_URL: url('https://login.example/jwks').exactOptional(),
  OIDC_ALGORITHM: z.enum(['RS256', 'ES256']).default('RS256').meta({ example: 'RS256' }),
})

/** What every service of the shop reads from its environment. */
export interface ServiceConfig {
  readonly stack: StackName
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly folder?: string
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
  /** Signs the context between gateway and subgraphs. */
  readonly secret: string
}

export interface GatewayConfig extends ServiceConfig {
  readonly webhookSecret: string
  /** Where each subgraph answers. */
  readonly subgraphs: ReadonlyMap<string, string>
  readonly issuer: {
    readonly issuer: string
    readonly audience: string
    readonly jwks: string
    readonly algorithms: readonly ('RS256' | 'ES256')[]
  }
}

/** Throws BAD_CONFIG with everything that is wrong at once. */
export function readSubgraphConfig(env: Env): ServiceConfig {
  return toService(requireConfig(forSubgraph, env))
}

/** Throws BAD_CONFIG with everything that is wrong at once. */
export function readGatewayConfig(env: Env): GatewayConfig {
  const config = requireConfig(forGateway, env)
  const issuer = config.OIDC_ISSUER.replace(/\/$/, '')
  return {
    ...toService(config),
    webhookSecret: config.WEBHOOK_SECRET,
    subgraphs: new Map(config.STOA_SUBGRAPHS.split(',').map(toSubgraph)),
    issuer: {
      issuer,
      audience: config.OIDC_AUDIENCE,
      jwks: config.OIDC_JWKS_URL ?? `${issuer}/.well-known/jwks.json`,
      algorithms: [config.OIDC_ALGORITHM],
    },
  }
}

function toSubgraph(pair: string): readonly [name: string, url: string] {
  const [name = '', ...url] = pair.split('=')
  return [name, url.join('=')]
}

function toService(config: z.output<typeof forSubgraph>): ServiceConfig {
  const { STOA_FOLDER: folder } = config
  return {
    stack: config.STOA_STACK,
    host: config.STOA_HOST,
    port: config.STOA_PORT,
    logLevel: config.STOA_LOG_LEVEL,
    secret: config.STOA_INTERNAL_SECRET,
    ...(folder === undefined ? {} : { folder }),
  }
}
