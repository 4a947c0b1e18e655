import { Duration } from 'aws-cdk-lib'
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import type { Environment } from './environment.ts'
import { createLakeTable } from './lake-table.ts'
import { removal } from './logs.ts'

export interface Lake {
  /** Every fact, for ever. */
  readonly facts: Bucket
  /** What queries answered; forgotten after a month. */
  readonly answers: Bucket
}

/** Facts in S3, described to Athena; a query may read so much and no more. */
export function createLake(scope: Construct, environment: Environment, key: IKey): Lake {
  const facts = createBucket(scope, 'Facts', { environment, key })
  const answers = createBucket(scope, 'Answers', { environment, key })
  facts.addLifecycleRule({
    transitions: [{ storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(30) }],
    // Compaction deletes what it has written together; the versions it leaves are for mistakes.
    noncurrentVersionExpiration: Duration.days(30),
    abortIncompleteMultipartUploadAfter: Duration.days(1),
  })
  answers.addLifecycleRule({ expiration: Duration.days(30) })
  createLakeTable(scope, environment, facts)
  new CfnWorkGroup(scope, 'Queries', {
    name: `stoa-${environment.name}`,
    recursiveDeleteOption: !environment.keepsData,
    workGroupConfiguration: {
      enforceWorkGroupConfiguration: true,
      bytesScannedCutoffPerQuery: 100_000_000_000,
      publishCloudWatchMetricsEnabled: true,
      resultConfiguration: {
        outputLocation: answers.s3UrlForObject('athena/'),
        encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: key.keyArn },
      },
    },
  })
  return { facts, answers }
}

interface BucketParts {
  readonly environment: Environment
  readonly key: IKey
}

/** Its name is CloudFormation's to choose: names of buckets are the whole world's. */
function createBucket(scope: Construct, id: string, { environment, key }: BucketParts): Bucket {
  return new Bucket(scope, id, {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    encryption: BucketEncryption.KMS,
    encryptionKey: key,
    bucketKeyEnabled: true,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    versioned: true,
    removalPolicy: removal(environment),
  })
}
