import { RemovalPolicy } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { Environment } from './environment.ts'

export interface LogParts {
  readonly environment: Environment
  readonly key: IKey
  /** For services that write to a group of a name they choose. */
  readonly name?: string
}

/** A log group that is encrypted and forgets: nothing here logs for ever. */
export function keptLog(scope: Construct, id: string, { environment, key, name }: LogParts): LogGroup {
  return new LogGroup(scope, id, {
    logGroupName: name ?? `/stoa/${environment.name}/${id.toLowerCase()}`,
    encryptionKey: key,
    // Numbers of days that CloudWatch knows; the type of an environment names no others.
    retention: environment.logDays as RetentionDays,
    removalPolicy: removal(environment),
  })
}

/** What happens to data when its stack goes. */
export function removal({ keepsData }: Environment): RemovalPolicy {
  return keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY
}
