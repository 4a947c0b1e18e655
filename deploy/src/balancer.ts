import { Duration } from 'aws-cdk-lib'
import type { IVpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2'
import {
  type ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  ListenerAction,
  ListenerCertificate,
  SslPolicy,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import type { Construct } from 'constructs'
import type { Environment } from './environment.ts'

export interface BalancerParts {
  readonly environment: Environment
  readonly vpc: IVpc
  readonly firewall: SecurityGroup
}

/** Subscriptions are quiet for long; the gateway keeps idle connections for 75 s, so it is never the first to close. */
const FRONT_IDLE = Duration.seconds(70)
/** Subgraphs keep theirs for 60 s. */
const INNER_IDLE = Duration.seconds(55)

/** Where heads come in: TLS 1.2 and up, nothing else listens. */
export function createFront(
  scope: Construct,
  { environment, vpc, firewall }: BalancerParts,
): ApplicationLoadBalancer {
  const fromInternet = environment.front.from === 'internet'
  return new ApplicationLoadBalancer(scope, 'Front', {
    ...{ vpc, securityGroup: firewall, internetFacing: fromInternet, idleTimeout: FRONT_IDLE },
    vpcSubnets: { subnetGroupName: fromInternet ? 'front' : 'run' },
    loadBalancerName: `stoa-${environment.name}-front`,
    deletionProtection: environment.keepsData,
    dropInvalidHeaderFields: true,
  })
}

/** Between gateway and subgraphs: a port each. What passes is signed by the gateway and stays in the network. */
export function createInner(
  scope: Construct,
  { environment, vpc, firewall }: BalancerParts,
): ApplicationLoadBalancer {
  return new ApplicationLoadBalancer(scope, 'Inner', {
    ...{ vpc, securityGroup: firewall, internetFacing: false, idleTimeout: INNER_IDLE },
    vpcSubnets: { subnetGroupName: 'run' },
    loadBalancerName: `stoa-${environment.name}-inner`,
    deletionProtection: environment.keepsData,
    dropInvalidHeaderFields: true,
  })
}

export interface DoorParts {
  readonly vpc: IVpc
  readonly name: string
  readonly port: number
}

/** Tasks that say on /readyz that they may have requests. */
export function createTargets(scope: Construct, { vpc, name, port }: DoorParts): ApplicationTargetGroup {
  return new ApplicationTargetGroup(scope, `${name}-targets`, {
    ...{ vpc, port, protocol: ApplicationProtocol.HTTP, targetType: TargetType.IP },
    healthCheck: {
      path: '/readyz',
      healthyHttpCodes: '200',
      interval: Duration.seconds(10),
      timeout: Duration.seconds(5),
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 3,
    },
    // The gateway lets requests under way end for ten seconds.
    deregistrationDelay: Duration.seconds(15),
  })
}

export function listenAtFront(
  balancer: ApplicationLoadBalancer,
  targets: ApplicationTargetGroup,
  { front }: Environment,
): ApplicationListener {
  return balancer.addListener('Tls', {
    port: 443,
    protocol: ApplicationProtocol.HTTPS,
    certificates: [ListenerCertificate.fromArn(front.certificateArn)],
    sslPolicy: SslPolicy.RECOMMENDED_TLS,
    // Rules of who may come are in firewalls.ts.
    open: false,
    defaultAction: ListenerAction.forward([targets]),
  })
}

export function listenInside(
  balancer: ApplicationLoadBalancer,
  targets: ApplicationTargetGroup,
  { name, port }: DoorParts,
): ApplicationListener {
  return balancer.addListener(name, {
    port,
    protocol: ApplicationProtocol.HTTP,
    open: false,
    defaultAction: ListenerAction.forward([targets]),
  })
}
