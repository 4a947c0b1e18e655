import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import type { AwsCalls } from '../../aws/call.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Random } from '../../random.ts'
import type { TableNames } from './tables.ts'

/** What reading and committing need. */
export interface DynamoParts {
  readonly client: DynamoDBClient
  readonly tables: TableNames
  readonly calls: AwsCalls
  readonly clock: Clock
  readonly random: Random
}

/** What following needs besides. */
export interface DynamoFeedParts extends DynamoParts {
  readonly streams: DynamoDBStreamsClient
  readonly log: Log
}
