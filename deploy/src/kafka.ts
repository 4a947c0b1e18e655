import type { IVpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { CfnBatchScramSecret, CfnCluster } from 'aws-cdk-lib/aws-msk'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import type { Environment } from './environment.ts'
import { keptLog, removal } from './logs.ts'

export interface KafkaParts {
  readonly environment: Environment
  readonly vpc: IVpc
  readonly firewall: SecurityGroup
  readonly key: IKey
}

/** MSK, where the environment asks for it: TLS only, users by SASL/SCRAM. */
export function createKafka(scope: Construct, parts: KafkaParts): CfnCluster | undefined {
  const { environment, vpc, firewall, key } = parts
  const size = environment.kafka
  if (!size) return undefined
  const clusterName = `stoa-${environment.name}`
  const log = keptLog(scope, 'KafkaLog', { environment, key })
  const cluster = new CfnCluster(scope, 'Kafka', {
    clusterName,
    kafkaVersion: '3.8.x',
    numberOfBrokerNodes: size.brokers,
    brokerNodeGroupInfo: {
      instanceType: size.instanceType,
      clientSubnets: vpc.selectSubnets({ subnetGroupName: 'data' }).subnetIds,
      securityGroups: [firewall.securityGroupId],
      storageInfo: { ebsStorageInfo: { volumeSize: size.gigabytes } },
      connectivityInfo: { publicAccess: { type: 'DISABLED' } },
    },
    encryptionInfo: {
      encryptionAtRest: { dataVolumeKmsKeyId: key.keyArn },
      encryptionInTransit: { clientBroker: 'TLS', inCluster: true },
    },
    clientAuthentication: { sasl: { scram: { enabled: true } }, unauthenticated: { enabled: false } },
    loggingInfo: { brokerLogs: { cloudWatchLogs: { enabled: true, logGroup: log.logGroupName } } },
    enhancedMonitoring: 'PER_TOPIC_PER_BROKER',
  })
  // MSK takes only secrets whose name begins like this.
  const user = new Secret(scope, 'KafkaUser', {
    secretName: `AmazonMSK_stoa-${environment.name}`,
    encryptionKey: key,
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ username: 'stoa' }),
      generateStringKey: 'password',
      excludePunctuation: true,
    },
    removalPolicy: removal(environment),
  })
  new CfnBatchScramSecret(scope, 'KafkaUsers', { clusterArn: cluster.ref, secretArnList: [user.secretArn] })
  return cluster
}
