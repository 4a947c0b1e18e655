import { S3Client } from '@aws-sdk/client-s3'
import type { Clock } from '@stoa/platform/clock'
import { Fault } from '@stoa/platform/fault'
import type { Random } from '@stoa/platform/random'
import { formatFolder } from './layout.ts'
import { openS3Objects } from './object-store.s3.ts'
import type { ObjectStore } from './object-store.ts'

export interface BucketOptions {
  readonly bucket: string
  /** Before every key, ending in a slash: `stoa/production/`. Default: nothing. */
  readonly prefix?: string
  /** Default: what the environment of AWS names. */
  readonly region?: string
  /** Of something that speaks as S3 does; reached by path, not by a host for each bucket. */
  readonly endpoint?: string
  /** Default: the SDK's own chain, which ends at the role of the machine. */
  readonly credentials?: BucketCredentials
  readonly clock: Clock
  readonly random: Random
}

export interface BucketCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Objects in a bucket with a client of their own, which is closed with them. */
export interface BucketObjects extends ObjectStore, AsyncDisposable {}

/**
 * Looks into the bucket before it answers, so that whoever cannot write is told at the start and not when events wait.
 * Throws BAD_CONFIG (no such bucket, credentials, rights) and STORE_UNAVAILABLE (away).
 */
export async function openBucket(options: BucketOptions): Promise<BucketObjects> {
  const { region, endpoint, credentials } = options
  const client = new S3Client({
    maxAttempts: 1,
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(credentials === undefined ? {} : { credentials }),
  })
  const objects = openS3Objects({ ...options, client })
  try {
    await client.config.region().catch(noRegion)
    await objects.list({ prefix: formatFolder('jsonl') })
  } catch (reason) {
    client.destroy()
    throw reason
  }
  return { ...objects, [Symbol.asyncDispose]: async () => client.destroy() }
}

/** The SDK finds it in the environment or in a profile; in a container somebody has to say it. */
function noRegion(cause: unknown): never {
  const message =
    'Expected the region of the bucket, got none. Set AWS_REGION, for example AWS_REGION=eu-west-1.'
  throw new Fault('BAD_CONFIG', message, { cause })
}
