import { Duration, Stack } from 'aws-cdk-lib'
import { AttributeType, type Table } from 'aws-cdk-lib/aws-dynamodb'
import { CfnArchive, EventBus } from 'aws-cdk-lib/aws-events'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { Environment } from './environment.ts'
import { removal } from './logs.ts'
import { namesOf } from './names.ts'
import { keptTable } from './tables.ts'

export interface Bus {
  readonly bus: EventBus
  /** What a rule could not hand to its queue: nothing is lost without a trace. */
  readonly undelivered: Queue
  /** Everything published, by stream, id and position. */
  readonly log: Table
  /** Who has come how far, what waits, what died. */
  readonly books: Table
}

/** The bus, and an archive of all it was told, to replay from. */
export function createBus(scope: Construct, environment: Environment, key: IKey): Bus {
  const names = namesOf(environment)
  const bus = new EventBus(scope, 'Bus', { eventBusName: names.bus, kmsKey: key })
  // The L2 archive knows no key.
  const archive = new CfnArchive(scope, 'Archive', {
    archiveName: names.archive,
    sourceArn: bus.eventBusArn,
    retentionDays: environment.archiveDays,
    kmsKeyIdentifier: key.keyArn,
    eventPattern: { source: [{ exists: true }] },
  })
  archive.applyRemovalPolicy(removal(environment))
  const undelivered = new Queue(scope, 'Undelivered', {
    queueName: `${names.prefix}undelivered`,
    retentionPeriod: Duration.days(14),
    encryption: QueueEncryption.KMS,
    encryptionMasterKey: key,
    enforceSSL: true,
  })
  letRulesSend(undelivered, bus)
  return { bus, undelivered, ...createBusTables(scope, environment, key) }
}

/** Their keys are those of platform/src/bus/eventbridge/resources.ts. */
function createBusTables(scope: Construct, environment: Environment, key: IKey): Pick<Bus, 'log' | 'books'> {
  const names = namesOf(environment).busTables
  const table = (id: string, tableName: string, type: AttributeType): Table => {
    const partitionKey = { name: 'home', type: AttributeType.STRING }
    const props = { tableName, partitionKey, sortKey: { name: 'sort', type } }
    return keptTable(scope, id, { environment, key, props })
  }
  return {
    log: table('bus-log', names.log, AttributeType.NUMBER),
    books: table('bus-books', names.books, AttributeType.STRING),
  }
}

/** All rules of this bus and of no other. */
function letRulesSend(queue: Queue, bus: EventBus): void {
  const resourceName = `${bus.eventBusName}/*`
  const rules = Stack.of(queue).formatArn({ service: 'events', resource: 'rule', resourceName })
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnLike: { 'aws:SourceArn': rules } },
    }),
  )
}
