import { Stack } from 'aws-cdk-lib'
import { type Cluster, FargateService } from 'aws-cdk-lib/aws-ecs'
import type { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import type { Role } from 'aws-cdk-lib/aws-iam'
import type { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { createTargets, listenInside } from './balancer.ts'
import { subgraphPort } from './ports.ts'
import { queuesOf } from './queues.ts'
import { isOnLambda } from './reactions-lambda.ts'
import { busRights, graphRight, keyRight, listenRights, storeRights } from './rights.ts'
import { commonVariables, type ServiceParts, vendorVariables } from './service-parts.ts'
import { createTask } from './task.ts'

export interface SubgraphParts extends ServiceParts {
  readonly cluster: Cluster
  readonly inner: ApplicationLoadBalancer
  readonly log: LogGroup
}

/**
 * One subgraph, one task: a store's change feed and its durable consumers are followed by one process at a time, so a
 * new one starts after the old one has gone. It grows by size; the gateway grows by number.
 */
export function createSubgraphService(scope: Construct, name: string, parts: SubgraphParts): FargateService {
  const { environment, cluster, firewalls, inner, vpc } = parts
  const port = subgraphPort[name] ?? 0
  const task = createTask(scope, {
    ...parts,
    ...{ role: name, port },
    size: environment.subgraphs[name] ?? environment.subgraphs.usual,
    variables: {
      ...commonVariables(scope, parts),
      ...vendorVariables(parts),
      ...graphVariables(parts),
      ...(isOnLambda(name, environment) ? { STOA_REACTIONS: 'elsewhere' } : {}),
    },
    secrets: {
      STOA_INTERNAL_SECRET: parts.secrets.internal,
      WEBHOOK_SECRET: parts.secrets.webhook,
    },
  })
  grant(task.taskRole as Role, name, parts)
  const service = new FargateService(scope, name, {
    ...{ cluster, taskDefinition: task, serviceName: name, desiredCount: 1 },
    ...{ minHealthyPercent: 0, maxHealthyPercent: 100 },
    circuitBreaker: { enable: true, rollback: true },
    securityGroups: [firewalls.subgraphs],
    vpcSubnets: { subnetGroupName: 'run' },
    assignPublicIp: false,
    enableExecuteCommand: false,
  })
  const targets = createTargets(scope, { vpc, name, port })
  service.attachToApplicationTargetGroup(targets)
  service.node.addDependency(listenInside(inner, targets, { vpc, name, port }))
  return service
}

/** With a region connections are signed. */
function graphVariables({ graph, environment }: SubgraphParts): Record<string, string> {
  return { GRAPH_URL: graph.url, GRAPH_REGION: environment.region }
}

function grant(role: Role, name: string, parts: SubgraphParts): void {
  const { environment, tables, queues, bus, graph, key } = parts
  const own = tables[name]
  const rights = [
    ...(own ? storeRights(own) : []),
    ...busRights(bus),
    ...(isOnLambda(name, environment) ? [] : listenRights(queuesOf(queues, name))),
    keyRight(key, ['dynamodb', 'sqs', 'events']),
    ...(name === 'recommendation' ? [graphRight(graph, Stack.of(role))] : []),
  ]
  for (const right of rights) role.addToPolicy(right)
}
