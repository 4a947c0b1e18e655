import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Node } from './node.ts'
import { environmentNamed, synthesised } from './templates.ts'

const WITHIN = [
  'dynamodb',
  'dynamodb-streams',
  's3',
  'sqs',
  'events',
  'kms',
  'secretsmanager',
  'ecr.api',
  'ecr.dkr',
  'logs',
]

for (const { environment, of } of synthesised)
  describe(`who can be reached, ${environment.name}`, () => {
    it('blocks all public access to buckets', () => {
      for (const bucket of of('AWS::S3::Bucket'))
        assert.deepEqual(bucket.get('PublicAccessBlockConfiguration'), {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        })
    })

    it('gives no machine an address on the internet', () => {
      for (const subnet of of('AWS::EC2::Subnet')) assert.equal(subnet.get('MapPublicIpOnLaunch'), false)
      for (const service of of('AWS::ECS::Service'))
        assert.equal(service.get('NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp'), 'DISABLED')
      for (const instance of of('AWS::RDS::DBInstance'))
        assert.notEqual(instance.get('PubliclyAccessible'), true)
      for (const kafka of of('AWS::MSK::Cluster'))
        assert.equal(kafka.get('BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type'), 'DISABLED')
    })

    it('opens the front at 443 and nothing else to everybody', () => {
      const open = [
        ...of('AWS::EC2::SecurityGroup').flatMap((group) => group.list('SecurityGroupIngress')),
        ...of('AWS::EC2::SecurityGroupIngress'),
      ].filter(isForEverybody)
      assert.deepEqual(
        open.map((rule) => [rule.get('FromPort'), rule.get('ToPort')]),
        [[443, 443]],
      )
    })

    it('lets nobody out to everywhere but by TLS', () => {
      for (const group of of('AWS::EC2::SecurityGroup'))
        for (const rule of group.list('SecurityGroupEgress').filter(isForEverybody))
          assert.deepEqual([rule.get('FromPort'), rule.get('ToPort')], [443, 443], group.id)
    })

    it('puts data where there is no way out', () => {
      const isolated = of('AWS::EC2::Subnet').filter(({ id }) => id.includes('dataSubnet'))
      assert.equal(isolated.length, environment.zones.length)
      const routes = of('AWS::EC2::Route').filter((route) =>
        route.text('RouteTableId').includes('dataSubnet'),
      )
      assert.deepEqual(routes, [])
    })

    it('reaches tables, buckets, queues, events, keys, secrets and images without leaving', () => {
      const services = of('AWS::EC2::VPCEndpoint').map((endpoint) => endpoint.text('ServiceName'))
      for (const name of WITHIN)
        assert.ok(
          services.some((service) => service.includes(`.${name}"`)),
          name,
        )
    })
  })

describe('the three environments', () => {
  it('have a network each, that does not overlap another', () => {
    const cidrs = synthesised.map(({ of }) => of('AWS::EC2::VPC')[0]?.get('CidrBlock'))
    assert.equal(new Set(cidrs).size, synthesised.length)
  })

  it('name nothing of one another', () => {
    const names = synthesised.map(({ environment }) => environment.name)
    for (const { environment, text } of synthesised)
      for (const other of names.filter((name) => name !== environment.name))
        assert.ok(!text.includes(`stoa-${other}`), `${environment.name} names stoa-${other}`)
  })

  it('let dev be reached from inside only', () => {
    const balancers = environmentNamed('dev').of('AWS::ElasticLoadBalancingV2::LoadBalancer')
    assert.deepEqual(
      balancers.map((balancer) => balancer.get('Scheme')),
      ['internal', 'internal'],
    )
  })
})

function isForEverybody(rule: Node): boolean {
  return rule.get('CidrIp') === '0.0.0.0/0' || rule.get('CidrIpv6') === '::/0'
}
