import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { synthesised } from './templates.ts'

/** Where each kind of thing says which key it is encrypted with. */
const keyAt: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'SSESpecification.KMSMasterKeyId',
  'AWS::S3::Bucket':
    'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.KMSMasterKeyID',
  'AWS::SNS::Topic': 'KmsMasterKeyId',
  'AWS::SecretsManager::Secret': 'KmsKeyId',
  'AWS::Logs::LogGroup': 'KmsKeyId',
  'AWS::ECR::Repository': 'EncryptionConfiguration.KmsKey',
  'AWS::Events::EventBus': 'KmsKeyIdentifier',
  'AWS::Events::Archive': 'KmsKeyIdentifier',
  'AWS::Neptune::DBCluster': 'KmsKeyId',
  'AWS::RDS::DBCluster': 'KmsKeyId',
  'AWS::ElastiCache::ReplicationGroup': 'KmsKeyId',
  'AWS::MSK::Cluster': 'EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId',
}

/** Made only where the environment asks for them. */
const OPTIONAL: ReadonlySet<string> = new Set(['AWS::RDS::DBCluster', 'AWS::MSK::Cluster'])

/** Each needs a policy that refuses whoever comes without TLS. */
const policyOf: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'AWS::S3::BucketPolicy',
  'AWS::SQS::Queue': 'AWS::SQS::QueuePolicy',
  'AWS::SNS::Topic': 'AWS::SNS::TopicPolicy',
}

for (const { environment, of } of synthesised)
  describe(`at rest and on the way, ${environment.name}`, () => {
    it('has one key, which is changed every year', () => {
      assert.deepEqual(
        of('AWS::KMS::Key').map((key) => key.get('EnableKeyRotation')),
        [true],
      )
    })

    it('encrypts every table, bucket, topic, secret, log, image, database and broker with it', () => {
      for (const [type, path] of Object.entries(keyAt)) {
        assert.ok(of(type).length > 0 || OPTIONAL.has(type), type)
        for (const thing of of(type)) assert.match(thing.text(path), /Key/, `${type} ${thing.id}`)
      }
      for (const cluster of [...of('AWS::Neptune::DBCluster'), ...of('AWS::RDS::DBCluster')])
        assert.equal(cluster.get('StorageEncrypted'), true)
    })

    it('encrypts every queue, those of the bus as the bus does it', () => {
      for (const queue of of('AWS::SQS::Queue'))
        assert.ok(queue.get('SqsManagedSseEnabled') === true || queue.text('KmsMasterKeyId') !== '', queue.id)
    })

    it('speaks TLS to caches, brokers and databases', () => {
      for (const cache of of('AWS::ElastiCache::ReplicationGroup')) {
        assert.equal(cache.get('AtRestEncryptionEnabled'), true)
        assert.equal(cache.get('TransitEncryptionEnabled'), true)
        assert.equal(cache.get('TransitEncryptionMode'), 'required')
      }
      for (const kafka of of('AWS::MSK::Cluster')) {
        assert.equal(kafka.get('EncryptionInfo.EncryptionInTransit.ClientBroker'), 'TLS')
        assert.equal(kafka.get('ClientAuthentication.Unauthenticated.Enabled'), false)
      }
      for (const settings of of('AWS::RDS::DBClusterParameterGroup'))
        assert.match(settings.text('Parameters'), /"rds.force_ssl":"1"/)
    })

    it('refuses buckets, queues and topics to whoever comes without TLS', () => {
      for (const [type, policyType] of Object.entries(policyOf)) {
        const refusing = of(policyType).filter((policy) =>
          policy.text().includes('"Bool":{"aws:SecureTransport":"false"}'),
        )
        assert.equal(refusing.length, of(type).length, type)
      }
    })

    it('lets heads in by TLS 1.2 and up, and by nothing else', () => {
      const listeners = of('AWS::ElasticLoadBalancingV2::Listener')
      const fronts = listeners.filter((one) => one.get('Port') === 443)
      assert.equal(fronts.length, 1)
      assert.match(fronts[0]?.text('SslPolicy') ?? '', /TLS13-1-2/)
      const plain = listeners.filter((one) => one.get('Protocol') === 'HTTP')
      for (const listener of plain) assert.match(listener.text('LoadBalancerArn'), /Inner/)
    })
  })
