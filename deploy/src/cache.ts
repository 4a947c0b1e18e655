import type { IVpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2'
import { CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import type { Environment } from './environment.ts'
import { dataPorts } from './ports.ts'

export interface CacheParts {
  readonly environment: Environment
  readonly vpc: IVpc
  readonly firewall: SecurityGroup
  readonly key: IKey
  readonly password: ISecret
}

export interface Cache {
  /** As CloudWatch knows them. */
  readonly nodes: readonly string[]
  /** `rediss://…`: without the password, which comes as a secret. */
  readonly url: string
}

/** Valkey, for shared caches and rate buckets: what is in it may be lost, so it is never backed up. */
export function createCache(scope: Construct, parts: CacheParts): Cache {
  const { environment, vpc, firewall, key, password } = parts
  const { nodeType, nodes } = environment.cache
  const subnets = new CfnSubnetGroup(scope, 'CacheSubnets', {
    description: `stoa ${environment.name}: data subnets`,
    subnetIds: vpc.selectSubnets({ subnetGroupName: 'data' }).subnetIds,
  })
  const group = new CfnReplicationGroup(scope, 'Cache', {
    replicationGroupId: `stoa-${environment.name}`,
    replicationGroupDescription: `stoa ${environment.name}: shared caches and rate buckets`,
    engine: 'valkey',
    engineVersion: '8.0',
    port: dataPorts.cache,
    cacheNodeType: nodeType,
    numCacheClusters: nodes,
    automaticFailoverEnabled: nodes > 1,
    multiAzEnabled: nodes > 1,
    transitEncryptionEnabled: true,
    transitEncryptionMode: 'required',
    atRestEncryptionEnabled: true,
    kmsKeyId: key.keyArn,
    authToken: password.secretValue.unsafeUnwrap(),
    cacheSubnetGroupName: subnets.ref,
    securityGroupIds: [firewall.securityGroupId],
    autoMinorVersionUpgrade: true,
  })
  const members = Array.from({ length: nodes }, (_, index) => `${group.ref}-00${index + 1}`)
  return { nodes: members, url: `rediss://${group.attrPrimaryEndPointAddress}:${dataPorts.cache}` }
}
