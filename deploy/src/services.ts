import { Cluster, ContainerInsights, type FargateService } from 'aws-cdk-lib/aws-ecs'
import type { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { createFront, createInner } from './balancer.ts'
import { type Compaction, createCompaction } from './compaction.ts'
import { createGatewayService, type ScalingService } from './gateway-service.ts'
import { createLakeService } from './lake-service.ts'
import { keptLog } from './logs.ts'
import { subgraphNames } from './names.ts'
import { createReactions } from './reactions-lambda.ts'
import type { ServiceParts } from './service-parts.ts'
import { createSubgraphService } from './subgraph-service.ts'

export interface Services {
  readonly cluster: Cluster
  readonly front: ApplicationLoadBalancer
  readonly inner: ApplicationLoadBalancer
  readonly gateway: ScalingService
  readonly subgraphs: Readonly<Record<string, FargateService>>
  readonly lake: FargateService
  readonly compaction: Compaction
  /** On Lambda, by subgraph; empty where none was chosen. */
  readonly reactions: Readonly<Record<string, IFunction>>
  /** By role. */
  readonly logs: Readonly<Record<string, ILogGroup>>
}

/** The gateway behind the front, the subgraphs behind the inner load balancer, the lake beside them. */
export function createServices(scope: Construct, parts: ServiceParts): Services {
  const { environment, vpc, firewalls } = parts
  const cluster = new Cluster(scope, 'Cluster', {
    vpc,
    clusterName: `stoa-${environment.name}`,
    containerInsightsV2: ContainerInsights.ENABLED,
  })
  const front = createFront(scope, { environment, vpc, firewall: firewalls.front })
  const inner = createInner(scope, { environment, vpc, firewall: firewalls.inner })
  const logs: Record<string, ILogGroup> = {}
  const keepLog = (role: string): LogGroup =>
    keptLog(scope, `${role}-log`, { ...parts, name: `/stoa/${environment.name}/${role}` })
  const logOf = (role: string): LogGroup => {
    const log = keepLog(role)
    logs[role] = log
    return log
  }
  const all = { ...parts, cluster, front, inner }
  const gateway = createGatewayService(scope, { ...all, log: logOf('gateway') })
  const subgraphs = Object.fromEntries(
    subgraphNames.map((name) => [name, createSubgraphService(scope, name, { ...all, log: logOf(name) })]),
  )
  const lake = createLakeService(scope, { ...all, log: logOf('lake') })
  const compaction = createCompaction(scope, { ...all, log: keepLog('compact') })
  const reactions = Object.fromEntries(
    (environment.reactionsOnLambda?.of ?? []).map((name) => [
      name,
      createReactions(scope, name, { ...all, log: logOf(`reactions-${name}`) }),
    ]),
  )
  return { cluster, front, inner, gateway, subgraphs, lake, compaction, reactions, logs }
}
