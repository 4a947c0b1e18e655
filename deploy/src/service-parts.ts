import { Stack } from 'aws-cdk-lib'
import type { IRepository } from 'aws-cdk-lib/aws-ecr'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import type { Bus } from './bus.ts'
import type { Cache } from './cache.ts'
import type { Environment } from './environment.ts'
import type { Graph } from './graph.ts'
import type { Identity } from './identity.ts'
import type { Lake } from './lake.ts'
import { namesOf } from './names.ts'
import type { Network } from './network.ts'
import type { ConsumerQueue } from './queues.ts'
import type { Secrets } from './secrets.ts'
import type { StoreTables } from './tables.ts'

/** All that a service may need of what was made before it. */
export interface ServiceParts extends Network {
  readonly environment: Environment
  readonly key: IKey
  readonly image: IRepository
  /** Which build of it. */
  readonly tag: string
  readonly secrets: Secrets
  readonly tables: Readonly<Record<string, StoreTables>>
  readonly graph: Graph
  readonly cache: Cache
  readonly identity: Identity
  readonly lake: Lake
  readonly bus: Bus
  readonly queues: readonly ConsumerQueue[]
}

/** What every role of the image reads. */
export function commonVariables(scope: Construct, { environment }: ServiceParts): Record<string, string> {
  return {
    AWS_REGION: Stack.of(scope).region,
    STOA_STACK: 'aws',
    STOA_PREFIX: namesOf(environment).prefix,
    STOA_LOG_LEVEL: 'info',
  }
}

export function vendorVariables({ environment }: Pick<ServiceParts, 'environment'>): Record<string, string> {
  const { payment, wms, erp, notification } = environment.vendors
  return { PAYMENT_URL: payment, WMS_URL: wms, ERP_URL: erp, NOTIFICATION_URL: notification }
}
