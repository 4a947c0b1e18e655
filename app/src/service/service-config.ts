import { requireConfig } from '@stoa/platform/config'
import { Fault } from '@stoa/platform/fault'
import type { RateLimit } from '@stoa/platform/rate-bucket'
import type { Env } from '@stoa/platform/subgraph'
import { z } from 'zod'
import { bucketOf, type LakePlace, lakePlaceOf } from '../lake-place.ts'
import { type StackName, stackNames } from '../stacks/stack-name.ts'

const secret = z.string().min(32).meta({ secret: true })
const url = (example: string): z.ZodURL => z.url({ protocol: /^https?$/ }).meta({ example })

/** Of every role of the image. */
const processShape = {
  STOA_STACK: z.enum(stackNames).default('aws').meta({ example: 'aws' }),
  STOA_HOST: z.string().default('0.0.0.0').meta({ example: '0.0.0.0' }),
  STOA_PORT: z.coerce.number().int().min(0).max(65_535).meta({ example: '4000' }),
  /** Of the embedded stack; absent: in memory. */
  STOA_FOLDER: z.string().exactOptional().meta({ example: '/data' }),
  STOA_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info').meta({ example: 'info' }),
}

const common = { ...processShape, STOA_INTERNAL_SECRET: secret }

const forSubgraph = z.object({
  ...common,
  /** Whether this process reacts to events, or `reactions` does elsewhere. */
  STOA_REACTIONS: z.enum(['here', 'elsewhere']).default('here').meta({ example: 'elsewhere' }),
})

const forLake = z.object({
  ...processShape,
  LAKE_BUCKET: z.string().exactOptional().meta({ example: 'example-lake' }),
  LAKE_PREFIX: z.string().default('').meta({ example: 'stoa/production' }),
  /** In place of a bucket: a volume that outlives the container. */
  LAKE_FOLDER: z.string().exactOptional().meta({ example: '/lake' }),
})

const forGateway = z.object({
  ...common,
  WEBHOOK_SECRET: secret,
  STOA_SUBGRAPHS: z
    .string()
    .regex(/^[a-z]+=https?:\/\/[^\s,]+(,[a-z]+=https?:\/\/[^\s,]+)*$/)
    .meta({ example: 'catalog=http://inner:4101/graphql,orders=http://inner:4103/graphql' }),
  OIDC_ISSUER: url('https://login.example/pool'),
  /** Whom its tokens are for; of Cognito, the ids of app clients. Separated by commas. */
  OIDC_AUDIENCE: z.string().meta({ example: 'stoa' }),
  /** Where the issuer's keys are. Default: as its OpenID configuration says. */
  OIDC_JWKS_URL: url('https://login.example/jwks').exactOptional(),
  OIDC_ALGORITHM: z.enum(['RS256', 'ES256']).default('RS256').meta({ example: 'RS256' }),
  /** How many requests a second each caller has, and how many at once. */
  STOA_RATE: z
    .string()
    .regex(/^[1-9]\d*:[1-9]\d*$/)
    .default('50:250')
    .meta({ example: '50:250' }),
  /** How many proxies of ours stand in front: as many entries of X-Forwarded-For are believed. */
  STOA_PROXIES: z.coerce.number().int().min(0).max(9).default(0).meta({ example: '1' }),
  /** Where rates are counted for all gateways together, and plans shared. Default: each has its own. */
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .exactOptional()
    .meta({ example: 'rediss://cache.example:6379' }),
  REDIS_PASSWORD: z.string().exactOptional().meta({ secret: true }),
})

/** What every role of the image reads from its environment. */
export interface ProcessConfig {
  readonly stack: StackName
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly folder?: string
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
}

/** What every service of the graph reads from its environment. */
export interface ServiceConfig extends ProcessConfig {
  /** Signs the context between gateway and subgraphs. */
  readonly secret: string
}

export interface SubgraphConfig extends ServiceConfig {
  readonly reactions: 'here' | 'elsewhere'
}

export interface LakeConfig extends ProcessConfig {
  readonly place: LakePlace
}

export interface GatewayConfig extends ServiceConfig {
  readonly webhookSecret: string
  /** Where each subgraph answers. */
  readonly subgraphs: ReadonlyMap<string, string>
  readonly issuer: {
    readonly issuer: string
    readonly audience: readonly string[]
    readonly jwks: string
    readonly algorithms: readonly ('RS256' | 'ES256')[]
  }
  readonly rate: RateLimit
  readonly proxies: number
  /** With its password in it. */
  readonly redisUrl?: string
}

/** Throws BAD_CONFIG with everything that is wrong at once. */
export function readSubgraphConfig(env: Env): SubgraphConfig {
  const config = requireConfig(forSubgraph, env)
  return { ...toService(config), reactions: config.STOA_REACTIONS }
}

/** Throws BAD_CONFIG with everything that is wrong at once. */
export function readLakeConfig(env: Env): LakeConfig {
  const config = requireConfig(forLake, env)
  return { ...toProcess(config), place: lakePlace(config, env) }
}

function lakePlace(config: z.output<typeof forLake>, env: Env): LakePlace {
  const { LAKE_BUCKET: bucket, LAKE_FOLDER: folder, LAKE_PREFIX: prefix } = config
  if (bucket !== undefined && folder === undefined) return bucketOf(bucket, prefix, env)
  if (folder !== undefined && bucket === undefined) return lakePlaceOf(folder, env)
  throw new Fault(
    'BAD_CONFIG',
    'Expected LAKE_BUCKET or LAKE_FOLDER, one of them. Say where events are kept.',
  )
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
      audience: config.OIDC_AUDIENCE.split(','),
      jwks: config.OIDC_JWKS_URL ?? `${issuer}/.well-known/openid-configuration`,
      algorithms: [config.OIDC_ALGORITHM],
    },
    rate: toRate(config.STOA_RATE),
    proxies: config.STOA_PROXIES,
    ...redisOf(config.REDIS_URL, config.REDIS_PASSWORD),
  }
}

function toRate(text: string): RateLimit {
  const [perSecond = 0, capacity = 0] = text.split(':').map(Number)
  return { perSecond, capacity }
}

function redisOf(text: string | undefined, password = ''): { redisUrl?: string } {
  if (text === undefined) return {}
  const redis = new URL(text)
  if (password !== '') redis.password = password
  return { redisUrl: redis.href }
}

function toSubgraph(pair: string): readonly [name: string, url: string] {
  const [name = '', ...url] = pair.split('=')
  return [name, url.join('=')]
}

function toService(config: z.output<z.ZodObject<typeof common>>): ServiceConfig {
  return { ...toProcess(config), secret: config.STOA_INTERNAL_SECRET }
}

function toProcess(config: z.output<z.ZodObject<typeof processShape>>): ProcessConfig {
  const { STOA_FOLDER: folder } = config
  return {
    stack: config.STOA_STACK,
    host: config.STOA_HOST,
    port: config.STOA_PORT,
    logLevel: config.STOA_LOG_LEVEL,
    ...(folder === undefined ? {} : { folder }),
  }
}
