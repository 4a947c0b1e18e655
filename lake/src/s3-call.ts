import { type AwsCalls, createAwsCalls } from '@stoa/platform/aws-call'
import type { AwsService, KnownError } from '@stoa/platform/aws-errors'
import type { Clock } from '@stoa/platform/clock'
import type { Random } from '@stoa/platform/random'

/** A key that another writer has. */
export const TAKEN = 'PreconditionFailed'
export const MISSING = 'NoSuchKey'

const TRIES = 6
const TRY_MS = 10_000
const BUDGET_MS = 20_000

export function createS3Calls(ports: { readonly clock: Clock; readonly random: Random }): AwsCalls {
  const { clock, random } = ports
  return createAwsCalls({ clock, random, service: S3, tries: TRIES, tryMs: TRY_MS, callMs: BUDGET_MS })
}

const NO_BUCKET: KnownError = {
  kind: 'missing_bucket',
  code: 'BAD_CONFIG',
  advice: 'There is no such bucket in this region. Create it, or correct its name or the region.',
}
const DENIED: KnownError = {
  kind: 'forbidden',
  code: 'BAD_CONFIG',
  advice:
    'S3 refused us. The role needs PutObject and ListBucket on this bucket, to compact GetObject and DeleteObject too.',
}
const THROTTLED: KnownError = {
  kind: 'throttled',
  code: 'OVERLOADED',
  advice: 'S3 asks us to slow down. Write fewer and larger objects: raise the age and the size of a batch.',
  again: 'later',
}
const COLLISION: KnownError = {
  kind: 'write_conflict',
  code: 'STORE_UNAVAILABLE',
  advice: 'Others write the same object at the same moment, again and again. Try again later.',
  again: 'later',
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const S3: AwsService = {
  engine: 's3',
  name: 'S3',
  away: 'STORE_UNAVAILABLE',
  known: {
    AccessDenied: DENIED,
    AuthorizationHeaderMalformed: NO_BUCKET,
    ConditionalRequestConflict: COLLISION,
    Forbidden: DENIED,
    NoSuchBucket: NO_BUCKET,
    OperationAborted: COLLISION,
    PermanentRedirect: NO_BUCKET,
    SlowDown: THROTTLED,
  },
  answers: new Set([MISSING, TAKEN]),
}
