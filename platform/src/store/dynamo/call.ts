import { type AwsCalls, createAwsCalls } from '../../aws/call.ts'
import type { AwsService } from '../../aws/errors.ts'
import type { Clock } from '../../clock.ts'
import { engineFault } from '../../engine-fault.ts'
import type { Fault } from '../../fault.ts'
import type { Random } from '../../random.ts'

/** DynamoDB and its Streams, which throttle and fail alike. */
const DYNAMODB: AwsService = {
  engine: 'dynamodb',
  name: 'DynamoDB',
  away: 'STORE_UNAVAILABLE',
  known: {
    ResourceNotFoundException: {
      kind: 'missing_table',
      code: 'BAD_CONFIG',
      advice: 'A DynamoDB table is missing. Create the tables, or check prefix and region.',
    },
  },
  answers: new Set([
    'ConditionalCheckFailedException',
    'ExpiredIteratorException',
    'ResourceInUseException',
    'TransactionCanceledException',
    'TrimmedDataAccessException',
  ]),
}

/** For what DynamoDB says inside an answer: keys it left over, items of a transaction it had no capacity for. */
export function throttled(message: string, cause?: unknown): Fault {
  return engineFault('STORE_UNAVAILABLE', message, { engine: 'dynamodb', kind: 'throttled', cause })
}

export function createDynamoCalls(ports: { readonly clock: Clock; readonly random: Random }): AwsCalls {
  return createAwsCalls({ ...ports, service: DYNAMODB })
}
