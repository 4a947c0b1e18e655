import { type Cluster, FargateService } from 'aws-cdk-lib/aws-ecs'
import type { Role } from 'aws-cdk-lib/aws-iam'
import type { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { lakePort } from './ports.ts'
import { queuesOf } from './queues.ts'
import { hearRights, keepRights, keyRight, listenRights } from './rights.ts'
import { commonVariables, type ServiceParts } from './service-parts.ts'
import { createTask } from './task.ts'

export interface LakeServiceParts extends ServiceParts {
  readonly cluster: Cluster
  readonly log: LogGroup
}

/** Who the lake is among those that `consumers.json` lists. */
const LAKE = 'lake'

/** One task that writes down every fact. While it is away facts wait in its queue. */
export function createLakeService(scope: Construct, parts: LakeServiceParts): FargateService {
  const { cluster, environment, firewalls, lake } = parts
  const task = createTask(scope, {
    ...parts,
    ...{ role: LAKE, port: lakePort, size: environment.lake },
    variables: { ...commonVariables(scope, parts), LAKE_BUCKET: lake.facts.bucketName },
    secrets: {},
  })
  const rights = [
    ...hearRights(parts.bus),
    ...listenRights(queuesOf(parts.queues, LAKE)),
    ...keepRights(lake),
    keyRight(parts.key, ['dynamodb', 'sqs', 'events', 's3']),
  ]
  for (const right of rights) (task.taskRole as Role).addToPolicy(right)
  return new FargateService(scope, LAKE, {
    ...{ cluster, taskDefinition: task, serviceName: LAKE, desiredCount: 1 },
    ...{ minHealthyPercent: 0, maxHealthyPercent: 100 },
    circuitBreaker: { enable: true, rollback: true },
    securityGroups: [firewalls.lake],
    vpcSubnets: { subnetGroupName: 'run' },
    assignPublicIp: false,
    enableExecuteCommand: false,
  })
}
