import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type AwsCalls, createAwsCalls } from '../aws/call.ts'
import type { Clock } from '../clock.ts'
import type { Random } from '../random.ts'

/** What backing up and restoring tables needs. */
export interface BackupParts {
  /** Belongs to the caller; `maxAttempts: 1`. */
  readonly client: DynamoDBClient
  readonly calls: AwsCalls
  readonly clock: Clock
}

export interface BackupPorts {
  readonly client: DynamoDBClient
  readonly clock: Clock
  readonly random: Random
}

export function backupParts({ client, clock, random }: BackupPorts): BackupParts {
  const calls = createAwsCalls({ clock, random, tryMs: 15_000, callMs: 60_000, service: DYNAMODB })
  return { client, clock, calls }
}

const DYNAMODB = {
  engine: 'dynamodb',
  name: 'DynamoDB',
  away: 'STORE_UNAVAILABLE',
  answers: new Set([
    'BackupInUseException',
    'ContinuousBackupsUnavailableException',
    'InvalidRestoreTimeException',
    'LimitExceededException',
    'PointInTimeRecoveryUnavailableException',
    'ResourceInUseException',
    'ResourceNotFoundException',
    'TableAlreadyExistsException',
    'TableInUseException',
    'TableNotFoundException',
  ]),
} as const
