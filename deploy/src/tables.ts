import {
  AttributeType,
  BillingMode,
  type ITable,
  StreamViewType,
  Table,
  TableEncryption,
  type TableProps,
} from 'aws-cdk-lib/aws-dynamodb'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import type { Environment } from './environment.ts'
import { removal } from './logs.ts'
import { namesOf, subgraphNames } from './names.ts'

/** The tables of one store. */
export interface StoreTables {
  readonly events: Table
  readonly rows: Table
  readonly checkpoints: Table
}

export interface TableParts {
  readonly environment: Environment
  readonly key: IKey
}

/** Each subgraph's own tables, by its name; their keys are those of `store/dynamo/tables.ts` in platform. */
export function createTables(scope: Construct, parts: TableParts): Readonly<Record<string, StoreTables>> {
  return Object.fromEntries(subgraphNames.map((name) => [name, storeTables(scope, name, parts)]))
}

function storeTables(scope: Construct, subgraph: string, parts: TableParts): StoreTables {
  const names = namesOf(parts.environment).tables(subgraph)
  const table = (id: string, props: TableProps): Table =>
    keptTable(scope, `${subgraph}-${id}`, { ...parts, props })
  return {
    events: table('events', {
      tableName: names.events,
      partitionKey: { name: 'stream', type: AttributeType.STRING },
      sortKey: { name: 'version', type: AttributeType.NUMBER },
      stream: StreamViewType.NEW_IMAGE,
    }),
    rows: table('rows', {
      tableName: names.rows,
      ...textKeys('home', 'sort'),
      timeToLiveAttribute: 'expires',
    }),
    checkpoints: table('checkpoints', {
      tableName: names.checkpoints,
      ...textKeys('consumer', 'shard'),
      timeToLiveAttribute: 'expires',
    }),
  }
}

export function textKeys(partition: string, sort: string): Pick<TableProps, 'partitionKey'> & TableProps {
  return {
    partitionKey: { name: partition, type: AttributeType.STRING },
    sortKey: { name: sort, type: AttributeType.STRING },
  }
}

/** Pay per request, encrypted, restorable to any second of the last 35 days. */
export function keptTable(
  scope: Construct,
  id: string,
  { environment, key, props }: TableParts & { readonly props: TableProps },
): Table {
  return new Table(scope, id, {
    ...props,
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: key,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: environment.keepsData,
    removalPolicy: removal(environment),
  })
}

export function allTables({ events, rows, checkpoints }: StoreTables): readonly ITable[] {
  return [events, rows, checkpoints]
}
