/** In US dollars, without tax, discounts, savings plans or free tiers. */
export interface Price {
  readonly dollars: number
  readonly per: string
}

/**
 * List prices of one region. No price list could be fetched where this was written: those of DynamoDB requests,
 * EventBridge, Fargate and NAT were read in public write-ups of 2025 and 2026, the others are what the author knew.
 * Compare with the price list before you decide by them.
 */
export const pricedIn = 'us-east-1 (N. Virginia), list prices as known in November 2026'

export const prices: Readonly<Record<PriceName, Price>> = {
  dynamoWrite: { dollars: 0.625, per: 'million write units' },
  dynamoRead: { dollars: 0.125, per: 'million read units' },
  dynamoStorage: { dollars: 0.25, per: 'GB and month' },
  dynamoBackup: { dollars: 0.2, per: 'GB and month' },
  streamRead: { dollars: 0.2, per: 'million reads' },
  event: { dollars: 1, per: 'million events of 64 kB' },
  eventArchive: { dollars: 0.1, per: 'GB taken in' },
  queue: { dollars: 0.4, per: 'million requests' },
  core: { dollars: 0.04048, per: 'core and hour' },
  memory: { dollars: 0.004445, per: 'GB and hour' },
  balancer: { dollars: 0.0225, per: 'hour' },
  balancerUnit: { dollars: 0.008, per: 'GB (the LCU that counts here)' },
  nat: { dollars: 0.045, per: 'hour' },
  natBytes: { dollars: 0.045, per: 'GB' },
  endpoint: { dollars: 0.01, per: 'zone and hour' },
  out: { dollars: 0.09, per: 'GB to the internet' },
  logs: { dollars: 0.5, per: 'GB taken in' },
  functionSecond: { dollars: 0.0000166667, per: 'GB and second' },
  functionCall: { dollars: 0.2, per: 'million calls' },
  objectWrite: { dollars: 5, per: 'million PUTs' },
  objects: { dollars: 0.023, per: 'GB and month' },
  alarm: { dollars: 0.1, per: 'alarm and month' },
  graphUnit: { dollars: 0.1608, per: 'capacity unit and hour' },
}

type PriceName =
  | 'dynamoWrite'
  | 'dynamoRead'
  | 'dynamoStorage'
  | 'dynamoBackup'
  | 'streamRead'
  | 'event'
  | 'eventArchive'
  | 'queue'
  | 'core'
  | 'memory'
  | 'balancer'
  | 'balancerUnit'
  | 'nat'
  | 'natBytes'
  | 'endpoint'
  | 'out'
  | 'logs'
  | 'functionSecond'
  | 'functionCall'
  | 'objectWrite'
  | 'objects'
  | 'alarm'
  | 'graphUnit'

/** By the hour. */
export const instancePrices: Readonly<Record<string, number>> = {
  'db.r6g.large': 0.3287,
  'cache.r7g.large': 0.1752,
  'cache.t4g.small': 0.0256,
  'cache.t4g.micro': 0.0128,
  'kafka.t3.small': 0.0456,
}

export const postgresUnitPrice: Price = { dollars: 0.12, per: 'capacity unit and hour' }
