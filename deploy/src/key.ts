import { Duration, Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import type { Environment } from './environment.ts'
import { removal } from './logs.ts'

/** One key for everything at rest in an environment: whoever may not use it reads nothing. */
export function createKey(scope: Construct, environment: Environment): Key {
  const key = new Key(scope, 'Key', {
    alias: `stoa-${environment.name}`,
    description: `Everything at rest in stoa ${environment.name}`,
    enableKeyRotation: true,
    pendingWindow: Duration.days(environment.keepsData ? 30 : 7),
    removalPolicy: removal(environment),
  })
  for (const service of users) letService(key, service)
  return key
}

/** Those that encrypt on their own account; engines that we call use the caller's right instead. */
const users = ['events.amazonaws.com', 'cloudwatch.amazonaws.com', 'sns.amazonaws.com'] as const

function letService(key: Key, service: (typeof users)[number]): void {
  const { account } = Stack.of(key)
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(service)],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
      // In a key's policy this is the key itself: it cannot name its own ARN before it is made.
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
  )
}
