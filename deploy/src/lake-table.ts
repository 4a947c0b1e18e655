import { Aws } from 'aws-cdk-lib'
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import type { Environment } from './environment.ts'
import { eventTypes } from './names.ts'

/** `events`: the columns of lake/src/parquet.ts, a partition per day and type that no crawler has to find. */
export function createLakeTable(scope: Construct, environment: Environment, facts: Bucket): void {
  const name = `stoa_${environment.name}`
  const database = new CfnDatabase(scope, 'LakeDatabase', {
    catalogId: Aws.ACCOUNT_ID,
    databaseInput: { name, description: 'every fact the shop was told' },
  })
  const location = facts.s3UrlForObject('events/format=parquet/')
  new CfnTable(scope, 'LakeEvents', {
    catalogId: Aws.ACCOUNT_ID,
    databaseName: database.ref,
    tableInput: {
      name: 'events',
      tableType: 'EXTERNAL_TABLE',
      partitionKeys: [
        { name: 'day', type: 'string' },
        { name: 'type', type: 'string' },
      ],
      parameters: { classification: 'parquet', ...projection(location) },
      storageDescriptor: {
        columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
        location,
        inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
        serdeInfo: {
          serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
        },
      },
    },
  })
}

/** In the file there is also `type`; Glue knows it as a partition. */
const columns = {
  id: 'string',
  source: 'string',
  stream: 'string',
  version: 'int',
  happened_at: 'timestamp',
  correlation_id: 'string',
  causation_id: 'string',
  traceparent: 'string',
  imported: 'boolean',
  data: 'string',
} as const

const FIRST_DAY = '2020-01-01'

function projection(location: string): Readonly<Record<string, string>> {
  return {
    'projection.enabled': 'true',
    'projection.day.type': 'date',
    'projection.day.format': 'yyyy-MM-dd',
    'projection.day.range': `${FIRST_DAY},NOW`,
    'projection.type.type': 'enum',
    'projection.type.values': eventTypes.join(','),
    'storage.location.template': `${location}day=\${day}/type=\${type}/`,
  }
}
