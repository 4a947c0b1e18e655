import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { errorName } from '@stoa/platform/aws-errors'
import type { Clock } from '@stoa/platform/clock'
import { engineFault } from '@stoa/platform/engine-fault'
import { invariant } from '@stoa/platform/invariant'
import type { Random } from '@stoa/platform/random'
import { MOST_KEYS, type ObjectPage, type ObjectStore } from './object-store.ts'
import { createS3Calls, MISSING, TAKEN } from './s3-call.ts'

export interface S3ObjectsOptions {
  /** With `maxAttempts: 1`: tries are counted here. Whoever made it closes it. */
  readonly client: S3Client
  readonly bucket: string
  /** Before every key, ending in a slash: `stoa/production/`. Default: nothing. */
  readonly prefix?: string
  readonly clock: Clock
  readonly random: Random
}

/**
 * Objects in a bucket. `If-None-Match` makes a key something that only one writer can have; a try whose answer was lost
 * finds its own object and is content.
 */
export function openS3Objects(options: S3ObjectsOptions): ObjectStore {
  const { client, bucket: Bucket, prefix: root = '' } = options
  const { call } = createS3Calls(options)

  return {
    async putOnce({ key, body, contentType }) {
      const request = { Bucket, Key: root + key, Body: body, ContentType: contentType, IfNoneMatch: '*' }
      try {
        await call((abortSignal) => client.send(new PutObjectCommand(request), { abortSignal }))
        return 'written'
      } catch (reason) {
        if (errorName(reason) === TAKEN) return 'kept'
        throw reason
      }
    },
    async get(key) {
      const command = new GetObjectCommand({ Bucket, Key: root + key })
      try {
        return await call(async (abortSignal) => {
          const { Body } = await client.send(command, { abortSignal })
          return await Body?.transformToByteArray()
        })
      } catch (reason) {
        if (errorName(reason) === MISSING) return undefined
        throw reason
      }
    },
    async list({ prefix, after }): Promise<ObjectPage> {
      const start = after === undefined ? {} : { StartAfter: root + after }
      const command = new ListObjectsV2Command({
        Bucket,
        Prefix: root + prefix,
        MaxKeys: MOST_KEYS,
        ...start,
      })
      const { Contents = [], IsTruncated } = await call((abortSignal) =>
        client.send(command, { abortSignal }),
      )
      const keys = Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key.slice(root.length)]))
      const next = IsTruncated ? keys.at(-1) : undefined
      return { keys, ...(next === undefined ? {} : { next }) }
    },
    async remove(keys) {
      invariant(keys.length <= MOST_KEYS, 'At most 1,000 objects are removed at once.')
      if (keys.length === 0) return
      const Delete = { Objects: keys.map((key) => ({ Key: root + key })), Quiet: true }
      const command = new DeleteObjectsCommand({ Bucket, Delete })
      const { Errors = [] } = await call((abortSignal) => client.send(command, { abortSignal }))
      if (Errors.length === 0) return
      const message = `S3 kept ${Errors.length} objects that were to be removed. Check DeleteObject of the role; compact again.`
      throw engineFault('STORE_UNAVAILABLE', message, { engine: 's3', kind: 'not_removed', cause: Errors[0] })
    },
  }
}
