import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import type { SQSClient } from '@aws-sdk/client-sqs'
import { type AwsCalls, createAwsCalls } from '../../aws/call.ts'
import type { AwsService } from '../../aws/errors.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Random } from '../../random.ts'

/** Belong to the caller, who closes them; their own retries are switched off (`maxAttempts: 1`). */
export interface EventBridgeClients {
  readonly dynamodb: DynamoDBClient
  readonly events: EventBridgeClient
  readonly sqs: SQSClient
}

/** What every part of the bus on AWS is built from. */
export interface EventBridgeParts {
  readonly clients: EventBridgeClients
  readonly names: BusNames
  readonly calls: BusCalls
  readonly wire: Wire
  /** The time of events, leases, retries. */
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Over how many partitions a day's index is spread. */
  readonly shards: number
  /**
   * Events older than this must have come by their queue; what has not is read from the log. Longer than a publisher
   * tries to write one event and than clocks differ; 0 where this process alone publishes.
   */
  readonly graceMs: number
}

/** What is needed for the tables alone, without a bus. */
export interface BusTables extends Pick<EventBridgeParts, 'names' | 'shards'> {
  readonly clients: Pick<EventBridgeClients, 'dynamodb'>
  readonly calls: Pick<BusCalls, 'dynamodb'>
}

/** What requests live by, even where the bus runs on a virtual clock. */
export interface Wire {
  readonly clock: Clock
  readonly random: Random
}

export interface BusNames {
  /** The event bus, and what all other names begin with. */
  readonly bus: string
  /** The table of everything published. */
  readonly log: string
  /** The table of who has come how far, what waits and what died. */
  readonly books: string
}

export function busNames(bus: string): BusNames {
  return { bus, log: `${bus}-log`, books: `${bus}-books` }
}

export interface BusCalls {
  readonly dynamodb: AwsCalls
  /** For what gets a new position with each try: it must not grow old on its way. */
  readonly append: AwsCalls
  readonly events: AwsCalls
  readonly sqs: AwsCalls
  /** Long polls. */
  readonly receive: AwsCalls
}

export function createBusCalls(ports: Wire, waitSeconds: number): BusCalls {
  const receiveMs = 1000 * waitSeconds + 10_000
  return {
    dynamodb: createAwsCalls({ ...ports, service: DYNAMODB }),
    append: createAwsCalls({ ...ports, service: DYNAMODB, tries: 3, callMs: 4000 }),
    events: createAwsCalls({ ...ports, service: EVENTBRIDGE, tryMs: 5000, callMs: 20_000 }),
    sqs: createAwsCalls({ ...ports, service: SQS }),
    receive: createAwsCalls({ ...ports, service: SQS, tries: 1, tryMs: receiveMs, callMs: receiveMs }),
  }
}

const DYNAMODB: AwsService = {
  engine: 'dynamodb',
  name: 'DynamoDB',
  away: 'STORE_UNAVAILABLE',
  known: {
    ResourceNotFoundException: {
      kind: 'missing_table',
      code: 'BAD_CONFIG',
      advice:
        "A table of the event bus is missing. Create the bus's resources, or check its name and region.",
    },
  },
  answers: new Set([
    'ConditionalCheckFailedException',
    'ResourceInUseException',
    'TransactionCanceledException',
    'TransactionConflictException',
  ]),
}

const EVENTBRIDGE: AwsService = {
  engine: 'eventbridge',
  name: 'EventBridge',
  away: 'STORE_UNAVAILABLE',
  known: {
    // The custom bus alone says this.
    InvalidStateException: {
      kind: 'bus_not_ready',
      code: 'STORE_UNAVAILABLE',
      advice: 'The event bus is being made, changed or deleted. Try again later.',
      again: 'later',
    },
    LimitExceededException: {
      kind: 'quota',
      code: 'BAD_CONFIG',
      advice: 'The event bus has as many rules or archives as its account may have. Ask AWS for more.',
    },
    ResourceNotFoundException: {
      kind: 'missing_bus',
      code: 'BAD_CONFIG',
      advice: "The event bus or a rule is missing. Create the bus's resources, or check its name and region.",
    },
  },
  answers: new Set(['ConcurrentModificationException', 'ResourceAlreadyExistsException']),
}

const MISSING_QUEUE = {
  kind: 'missing_queue',
  code: 'BAD_CONFIG',
  advice: "A consumer's queue is gone. Subscribe anew to have it made; what it held is read from the log.",
} as const

const SQS: AwsService = {
  engine: 'sqs',
  name: 'SQS',
  away: 'STORE_UNAVAILABLE',
  known: {
    'AWS.SimpleQueueService.NonExistentQueue': MISSING_QUEUE,
    QueueDoesNotExist: MISSING_QUEUE,
    OverLimit: {
      kind: 'in_flight_limit',
      code: 'OVERLOADED',
      advice: 'Too many messages of a queue are being handled at once. Let fewer be taken in.',
    },
  },
}
