import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { environmentNamed, synthesised } from './templates.ts'

for (const { environment, of } of synthesised)
  describe(`what is kept, ${environment.name}`, () => {
    it('restores every table to any second, and pays per request', () => {
      for (const table of of('AWS::DynamoDB::Table')) {
        assert.equal(table.get('PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled'), true, table.id)
        assert.equal(table.get('BillingMode'), 'PAY_PER_REQUEST', table.id)
      }
    })

    it('has a change feed of new images for every table of events, and lets rows and checkpoints expire', () => {
      for (const table of of('AWS::DynamoDB::Table')) {
        const name = String(table.get('TableName'))
        if (name.endsWith('-events'))
          assert.equal(table.get('StreamSpecification.StreamViewType'), 'NEW_IMAGE')
        if (/-(rows|checkpoints)$/.test(name))
          assert.deepEqual(table.get('TimeToLiveSpecification'), { AttributeName: 'expires', Enabled: true })
      }
    })

    it('backs up graph and database', () => {
      for (const cluster of [...of('AWS::Neptune::DBCluster'), ...of('AWS::RDS::DBCluster')])
        assert.equal(cluster.get('BackupRetentionPeriod'), environment.backupDays)
    })

    it('forgets logs after the time of the environment', () => {
      assert.ok(of('AWS::Logs::LogGroup').length >= 9)
      for (const log of of('AWS::Logs::LogGroup'))
        assert.equal(log.get('RetentionInDays'), environment.logDays, log.id)
    })

    it('keeps what the bus was told in an archive', () => {
      assert.equal(of('AWS::Events::Archive')[0]?.get('RetentionDays'), environment.archiveDays)
    })

    it('never moves a tag of an image that was pushed', () => {
      assert.equal(of('AWS::ECR::Repository')[0]?.get('ImageTagMutability'), 'IMMUTABLE')
    })
  })

const LASTING = [
  'AWS::DynamoDB::Table',
  'AWS::S3::Bucket',
  'AWS::KMS::Key',
  'AWS::Cognito::UserPool',
  'AWS::SecretsManager::Secret',
  'AWS::ECR::Repository',
  'AWS::Logs::LogGroup',
  'AWS::Events::Archive',
  'AWS::Neptune::DBCluster',
]

describe('production', () => {
  const { of } = environmentNamed('production')

  it('keeps data when its stacks are deleted', () => {
    for (const type of LASTING)
      for (const { id, deletionPolicy } of of(type))
        assert.match(deletionPolicy ?? 'none', /^(Retain|Snapshot)$/, `${type} ${id}`)
  })

  it('refuses to delete tables, the graph, people and load balancers', () => {
    for (const table of of('AWS::DynamoDB::Table')) assert.equal(table.get('DeletionProtectionEnabled'), true)
    assert.equal(of('AWS::Neptune::DBCluster')[0]?.get('DeletionProtection'), true)
    assert.equal(of('AWS::Cognito::UserPool')[0]?.get('DeletionProtection'), 'ACTIVE')
    for (const balancer of of('AWS::ElasticLoadBalancingV2::LoadBalancer'))
      assert.match(
        balancer.text('LoadBalancerAttributes'),
        /"Key":"deletion_protection.enabled","Value":"true"/,
      )
  })

  it('spans three zones with a way out of each', () => {
    assert.equal(of('AWS::EC2::NatGateway').length, 3)
    assert.equal(new Set(of('AWS::EC2::Subnet').map((subnet) => subnet.get('AvailabilityZone'))).size, 3)
  })
})
