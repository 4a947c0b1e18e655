import { type IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2'
import type { Construct } from 'constructs'
import { dataPorts, gatewayPort, subgraphPort } from './ports.ts'

/** Who may speak to whom; everything not said here is refused, in both directions. */
export interface Firewalls {
  /** The load balancer people and heads reach. */
  readonly front: SecurityGroup
  readonly gateway: SecurityGroup
  /** The load balancer between gateway and subgraphs. */
  readonly inner: SecurityGroup
  readonly subgraphs: SecurityGroup
  /** What keeps and compacts the lake: asked by nobody, and asks AWS alone. */
  readonly lake: SecurityGroup
  readonly endpoints: SecurityGroup
  readonly graph: SecurityGroup
  readonly cache: SecurityGroup
  readonly postgres: SecurityGroup
  readonly kafka: SecurityGroup
}

export function createFirewalls(scope: Construct, vpc: IVpc): Firewalls {
  const group = (id: string, description: string): SecurityGroup =>
    new SecurityGroup(scope, id, { vpc, description, allowAllOutbound: false })
  const firewalls: Firewalls = {
    front: group('FrontGroup', 'front: where requests come in'),
    gateway: group('GatewayGroup', 'gateway tasks'),
    inner: group('InnerGroup', 'load balancer between gateway and subgraphs'),
    subgraphs: group('SubgraphsGroup', 'subgraph tasks'),
    lake: group('LakeGroup', 'tasks of the lake'),
    endpoints: group('EndpointsGroup', 'AWS services inside the network'),
    graph: group('GraphGroup', 'Neptune'),
    cache: group('CacheGroup', 'Valkey'),
    postgres: group('PostgresGroup', 'Aurora PostgreSQL'),
    kafka: group('KafkaGroup', 'MSK'),
  }
  letRequestsIn(firewalls)
  letDataBeReached(firewalls)
  return firewalls
}

function letRequestsIn({ front, gateway, inner, subgraphs, lake, endpoints }: Firewalls): void {
  front.addIngressRule(Peer.anyIpv4(), Port.tcp(443), 'TLS from heads')
  join(front, gateway, gatewayPort, 'requests')
  for (const port of Object.values(subgraphPort)) {
    join(gateway, inner, port, 'sub-requests')
    join(inner, subgraphs, port, 'sub-requests')
  }
  for (const tasks of [gateway, subgraphs, lake]) {
    join(tasks, endpoints, 443, 'AWS services')
    // Gateway endpoints (tables, buckets), the issuer's keys, and the vendors have addresses that change.
    tasks.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'TLS to vendors, issuer, tables and buckets')
  }
}

function letDataBeReached({ gateway, subgraphs, graph, cache, postgres, kafka }: Firewalls): void {
  join(subgraphs, graph, dataPorts.graph, 'recommendation graph')
  for (const tasks of [gateway, subgraphs]) {
    join(tasks, cache, dataPorts.cache, 'shared cache')
    join(tasks, postgres, dataPorts.postgres, 'stores')
    join(tasks, kafka, dataPorts.kafka, 'events')
  }
  kafka.addIngressRule(kafka, Port.allTcp(), 'brokers among themselves')
  kafka.addEgressRule(kafka, Port.allTcp(), 'brokers among themselves')
}

function join(from: SecurityGroup, to: SecurityGroup, port: number, why: string): void {
  to.addIngressRule(from, Port.tcp(port), why)
  from.addEgressRule(to, Port.tcp(port), why)
}
