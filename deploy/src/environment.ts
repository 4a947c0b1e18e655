/** One isolated copy of the shop: an account or a part of one, with a network, names and data of its own. */
export interface Environment {
  /** Stands in every name: `stoa-<name>-…`. */
  readonly name: string
  readonly region: string
  /** Zones of that region; each gets a subnet of every kind. */
  readonly zones: readonly string[]
  /** Differs from the others, so that networks can be joined one day. */
  readonly cidr: string
  /** One is cheaper, one per zone outlives the loss of a zone. */
  readonly natGateways: number
  /** Data outlives the stack: removal policies retain, deletion protection is on. */
  readonly keepsData: boolean
  readonly logDays: LogDays
  readonly backupDays: number
  /** How long the bus's archive keeps what was told; the lake keeps everything. */
  readonly archiveDays: number
  readonly front: Front
  readonly gateway: ServiceSize & { readonly fewest: number; readonly most: number }
  /** Of each subgraph; those not named take `usual`. */
  readonly subgraphs: { readonly usual: ServiceSize } & Readonly<Record<string, ServiceSize>>
  /** Of the task that keeps every event in the lake, and of the one that compacts them at night. */
  readonly lake: ServiceSize
  /** Subgraphs whose reactions run on Lambda; absent: each reacts in its own task. */
  readonly reactionsOnLambda?: ReactionsOnLambda
  readonly graph: GraphSize
  readonly cache: { readonly nodeType: string; readonly nodes: number }
  /** Aurora PostgreSQL, for those who keep the stores there; absent: not made. */
  readonly postgres?: { readonly leastUnits: number; readonly mostUnits: number; readonly readers: number }
  /** Kafka (MSK), for those who carry events there; absent: not made. */
  readonly kafka?: { readonly instanceType: string; readonly brokers: number; readonly gigabytes: number }
  /** Whom alarms are sent to; absent: the topic has no reader yet. */
  readonly alarmEmail?: string
  readonly vendors: Readonly<Record<'payment' | 'wms' | 'erp' | 'notification', string>>
}

/** Those of subgraphs that keep nothing in memory which their reactions feed. */
export interface ReactionsOnLambda {
  readonly of: readonly ('orders' | 'customer' | 'inventory')[]
  /** A core comes with 1,769. */
  readonly memoryMiB: number
}

export type LogDays = 7 | 30 | 90 | 365 | 731

/** Where requests come in. */
export interface Front {
  /** `internal`: only from inside the network. */
  readonly from: 'internet' | 'internal'
  /** The certificate of the listener; the front speaks TLS only. */
  readonly certificateArn: string
  /** What the certificate names, and where people sign in and come back to. */
  readonly domain: string
}

/** A Fargate size: 1024 units are one core. */
export interface ServiceSize {
  readonly cpu: number
  readonly memoryMiB: number
}

/** Neptune: instances of a class, or `db.serverless` between two numbers of capacity units. */
export interface GraphSize {
  readonly instanceClass: string
  readonly instances: number
  readonly serverless?: { readonly least: number; readonly most: number }
}
