import { Duration } from 'aws-cdk-lib'
import type { IVpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  ParameterGroup,
} from 'aws-cdk-lib/aws-rds'
import type { Construct } from 'constructs'
import type { Environment } from './environment.ts'
import { keptLog, removal } from './logs.ts'

export interface PostgresParts {
  readonly environment: Environment
  readonly vpc: IVpc
  readonly firewall: SecurityGroup
  readonly key: IKey
}

/** Aurora PostgreSQL, where the environment asks for it: the same stores, for those who know it better. */
export function createPostgres(scope: Construct, parts: PostgresParts): DatabaseCluster | undefined {
  const { environment, vpc, firewall, key } = parts
  const size = environment.postgres
  if (!size) return undefined
  const clusterIdentifier = `stoa-${environment.name}`
  // Made here, else the service makes one that never forgets.
  keptLog(scope, 'PostgresLog', {
    environment,
    key,
    name: `/aws/rds/cluster/${clusterIdentifier}/postgresql`,
  })
  const engine = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_17_7 })
  return new DatabaseCluster(scope, 'Postgres', {
    ...{ clusterIdentifier, engine, vpc, securityGroups: [firewall] },
    vpcSubnets: { subnetGroupName: 'data' },
    defaultDatabaseName: 'stoa',
    credentials: Credentials.fromGeneratedSecret('stoa', {
      secretName: `stoa-${environment.name}/postgres`,
      encryptionKey: key,
    }),
    serverlessV2MinCapacity: size.leastUnits,
    serverlessV2MaxCapacity: size.mostUnits,
    writer: ClusterInstance.serverlessV2('writer'),
    readers: Array.from({ length: size.readers }, (_, index) =>
      ClusterInstance.serverlessV2(`reader${index + 1}`, { scaleWithWriter: true }),
    ),
    parameterGroup: new ParameterGroup(scope, 'PostgresSettings', {
      engine,
      parameters: { 'rds.force_ssl': '1' },
    }),
    storageEncrypted: true,
    storageEncryptionKey: key,
    iamAuthentication: true,
    backup: { retention: Duration.days(environment.backupDays), preferredWindow: '02:00-03:00' },
    cloudwatchLogsExports: ['postgresql'],
    copyTagsToSnapshot: true,
    deletionProtection: environment.keepsData,
    removalPolicy: removal(environment),
  })
}
