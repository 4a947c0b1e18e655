import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import type { Environment } from './environment.ts'
import { removal } from './logs.ts'

/** Made by Secrets Manager, seen by nobody: tasks are given them by reference. */
export interface Secrets {
  /** Signs the context between gateway and subgraphs. */
  readonly internal: Secret
  /** What vendors sign their notices with; put theirs in when they have one. */
  readonly webhook: Secret
  readonly cache: Secret
}

export function createSecrets(scope: Construct, environment: Environment, key: IKey): Secrets {
  const secret = (id: string, description: string): Secret =>
    new Secret(scope, id, {
      secretName: `stoa-${environment.name}/${id.toLowerCase()}`,
      description,
      encryptionKey: key,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: removal(environment),
    })
  return {
    internal: secret('Internal', 'signs the context between gateway and subgraphs'),
    webhook: secret('Webhook', 'what vendors sign their notices with'),
    cache: secret('CachePassword', 'password of the shared cache'),
  }
}
