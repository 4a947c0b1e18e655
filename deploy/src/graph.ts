import type { IVpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import {
  CfnDBCluster,
  CfnDBClusterParameterGroup,
  CfnDBInstance,
  CfnDBSubnetGroup,
} from 'aws-cdk-lib/aws-neptune'
import type { Construct } from 'constructs'
import type { Environment } from './environment.ts'
import { keptLog, removal } from './logs.ts'
import { dataPorts } from './ports.ts'

export interface GraphParts {
  readonly environment: Environment
  readonly vpc: IVpc
  readonly firewall: SecurityGroup
  readonly key: IKey
}

export interface Graph {
  readonly clusterId: string
  /** What IAM names: `neptune-db` resources are by this id, not by the cluster's name. */
  readonly resourceId: string
  /** `wss://…:8182/gremlin`. */
  readonly url: string
  /** The bulk loader reads exported files as this role. */
  readonly loader: Role
}

/** Gremlin 3.7.3 is the newest client that this engine version documents. */
const ENGINE_VERSION = '1.4.5.0'
/** A recommendation that takes longer is of no use to a page. */
const QUERY_TIMEOUT_MS = 20_000

/** Neptune, for who bought what with what; only callers that sign with IAM, only over TLS. */
export function createGraph(scope: Construct, parts: GraphParts): Graph {
  const { environment, vpc, firewall, key } = parts
  const name = `stoa-${environment.name}-graph`
  const loader = new Role(scope, 'GraphLoader', { assumedBy: new ServicePrincipal('rds.amazonaws.com') })
  for (const log of ['audit', 'slowquery'])
    keptLog(scope, `GraphLog-${log}`, { environment, key, name: `/aws/neptune/${name}/${log}` })
  const subnets = new CfnDBSubnetGroup(scope, 'GraphSubnets', {
    dbSubnetGroupDescription: `${name}: data subnets`,
    subnetIds: vpc.selectSubnets({ subnetGroupName: 'data' }).subnetIds,
  })
  const settings = new CfnDBClusterParameterGroup(scope, 'GraphSettings', {
    family: 'neptune1.4',
    description: `${name}: audit, and an end to every query`,
    parameters: { neptune_enable_audit_log: '1', neptune_query_timeout: String(QUERY_TIMEOUT_MS) },
  })
  const { serverless } = environment.graph
  const cluster = new CfnDBCluster(scope, 'Graph', {
    dbClusterIdentifier: name,
    engineVersion: ENGINE_VERSION,
    iamAuthEnabled: true,
    storageEncrypted: true,
    kmsKeyId: key.keyArn,
    backupRetentionPeriod: environment.backupDays,
    preferredBackupWindow: '02:00-03:00',
    copyTagsToSnapshot: true,
    deletionProtection: environment.keepsData,
    enableCloudwatchLogsExports: ['audit', 'slowquery'],
    dbSubnetGroupName: subnets.ref,
    dbClusterParameterGroupName: settings.ref,
    vpcSecurityGroupIds: [firewall.securityGroupId],
    associatedRoles: [{ roleArn: loader.roleArn }],
    ...(serverless && {
      serverlessScalingConfiguration: { minCapacity: serverless.least, maxCapacity: serverless.most },
    }),
  })
  // Neptune would keep a last snapshot of what nobody wants either.
  cluster.applyRemovalPolicy(removal(environment))
  addInstances(scope, cluster, environment)
  const { ref: clusterId, attrClusterResourceId: resourceId, attrEndpoint } = cluster
  return { clusterId, resourceId, loader, url: `wss://${attrEndpoint}:${dataPorts.graph}/gremlin` }
}

function addInstances(scope: Construct, cluster: CfnDBCluster, { graph, keepsData }: Environment): void {
  for (let i = 1; i <= graph.instances; i++)
    new CfnDBInstance(scope, `GraphInstance${i}`, {
      dbInstanceClass: graph.instanceClass,
      dbClusterIdentifier: cluster.ref,
      autoMinorVersionUpgrade: !keepsData,
    })
}
