import { Duration } from 'aws-cdk-lib'
import { type Cluster, FargateService, type ScalableTaskCount } from 'aws-cdk-lib/aws-ecs'
import type { ApplicationLoadBalancer, ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import type { Role } from 'aws-cdk-lib/aws-iam'
import type { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { createTargets, listenAtFront } from './balancer.ts'
import { gatewayPort, subgraphPort } from './ports.ts'
import { busRights, keyRight } from './rights.ts'
import { commonVariables, type ServiceParts } from './service-parts.ts'
import { createTask } from './task.ts'

export interface GatewayParts extends ServiceParts {
  readonly cluster: Cluster
  readonly front: ApplicationLoadBalancer
  readonly inner: ApplicationLoadBalancer
  readonly log: LogGroup
}

export interface ScalingService {
  readonly service: FargateService
  readonly targets: ApplicationTargetGroup
}

/** As many as there is work for: it keeps nothing between requests but caches. */
export function createGatewayService(scope: Construct, parts: GatewayParts): ScalingService {
  const { environment, cluster, firewalls, front, vpc } = parts
  const task = createTask(scope, {
    ...parts,
    ...{ role: 'gateway', port: gatewayPort, size: environment.gateway },
    variables: gatewayVariables(scope, parts),
    secrets: {
      STOA_INTERNAL_SECRET: parts.secrets.internal,
      WEBHOOK_SECRET: parts.secrets.webhook,
      REDIS_PASSWORD: parts.secrets.cache,
    },
  })
  // What vendors tell is put on the bus; the gateway has no store and no queue.
  for (const right of [...busRights(parts.bus), keyRight(parts.key, ['events', 'dynamodb'])])
    (task.taskRole as Role).addToPolicy(right)
  const service = new FargateService(scope, 'gateway', {
    ...{ cluster, taskDefinition: task, serviceName: 'gateway', desiredCount: environment.gateway.fewest },
    ...{ minHealthyPercent: 100, maxHealthyPercent: 200 },
    circuitBreaker: { enable: true, rollback: true },
    securityGroups: [firewalls.gateway],
    vpcSubnets: { subnetGroupName: 'run' },
    assignPublicIp: false,
    enableExecuteCommand: false,
  })
  const targets = createTargets(scope, { vpc, name: 'gateway', port: gatewayPort })
  service.attachToApplicationTargetGroup(targets)
  service.node.addDependency(listenAtFront(front, targets, environment))
  scale(service, targets, parts)
  return { service, targets }
}

function gatewayVariables(scope: Construct, parts: GatewayParts): Record<string, string> {
  const { identity, inner, cache } = parts
  const subgraphs = Object.entries(subgraphPort).map(
    ([name, port]) => `${name}=http://${inner.loadBalancerDnsName}:${port}/graphql`,
  )
  return {
    ...commonVariables(scope, parts),
    STOA_SUBGRAPHS: subgraphs.join(','),
    OIDC_ISSUER: identity.issuer,
    OIDC_AUDIENCE: [identity.web, identity.console].map((client) => client.userPoolClientId).join(','),
    REDIS_URL: cache.url,
    // The front is the one proxy whose word on addresses is believed.
    STOA_PROXIES: '1',
  }
}

/** To start from, not measured on Fargate: change them when you know what a task of yours does. */
const REQUESTS_A_MINUTE = 30_000
const CPU_PERCENT = 60

function scale(service: FargateService, targetGroup: ApplicationTargetGroup, parts: GatewayParts): void {
  const { fewest, most } = parts.environment.gateway
  const count: ScalableTaskCount = service.autoScaleTaskCount({ minCapacity: fewest, maxCapacity: most })
  const patience = { scaleOutCooldown: Duration.seconds(30), scaleInCooldown: Duration.minutes(5) }
  count.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: CPU_PERCENT, ...patience })
  count.scaleOnRequestCount('Requests', { requestsPerTarget: REQUESTS_A_MINUTE, targetGroup, ...patience })
}
