import { resolve } from 'node:path'
import { requireConfig } from '@stoa/platform/config'
import { Fault } from '@stoa/platform/fault'
import type { Env } from '@stoa/platform/subgraph'
import { z } from 'zod'
import { type AwsCredentials, awsCredentials, awsCredentialsShape, awsEndpoint } from './stacks/aws-access.ts'

/** Where every event is kept. */
export type LakePlace = { readonly kind: 'folder'; readonly folder: string } | LakeBucket

export interface LakeBucket {
  readonly kind: 'bucket'
  readonly bucket: string
  /** Empty, or ending in a slash. */
  readonly prefix: string
  /** Absent: as the SDK finds it. */
  readonly region?: string
  readonly endpoint?: string
  readonly credentials?: AwsCredentials
}

/** A folder, or `s3://bucket/prefix` with what the environment says about AWS. Throws BAD_CONFIG. */
export function lakePlaceOf(text: string, env: Env): LakePlace {
  if (!text.startsWith('s3://')) return { kind: 'folder', folder: resolve(text) }
  const [bucket = '', ...parts] = text.slice('s3://'.length).split('/')
  return bucketOf(bucket, parts.join('/'), env)
}

/** Throws BAD_CONFIG for what cannot be the name of a bucket. */
export function bucketOf(bucket: string, prefix: string, env: Env): LakeBucket {
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    throw new Fault(
      'BAD_CONFIG',
      `Expected a bucket of 3 to 63 small letters, digits, dots and dashes, got ${JSON.stringify(bucket)}. Example: s3://example-lake/stoa`,
    )
  const root = prefix.replaceAll(/^\/+|\/+$/g, '')
  const settings = requireConfig(access, env)
  const { AWS_REGION: region, AWS_ENDPOINT_URL_S3: endpoint } = settings
  return {
    kind: 'bucket',
    bucket,
    prefix: root === '' ? '' : `${root}/`,
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...awsCredentials(settings),
  }
}

const access = z.object({
  AWS_REGION: z.string().exactOptional().meta({ example: 'eu-west-1' }),
  AWS_ENDPOINT_URL_S3: awsEndpoint,
  ...awsCredentialsShape,
})
