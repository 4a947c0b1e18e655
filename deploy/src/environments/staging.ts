import type { Environment } from '../environment.ts'

/** Production's shape at a smaller size, with the options nobody has in production yet switched on to be tried. */
export const staging: Environment = {
  name: 'staging',
  region: 'eu-west-1',
  zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
  cidr: '10.41.0.0/16',
  natGateways: 1,
  keepsData: false,
  logDays: 30,
  backupDays: 7,
  archiveDays: 30,
  front: {
    from: 'internet',
    certificateArn: 'arn:aws:acm:eu-west-1:222222222222:certificate/00000000-0000-4000-8000-0000000057a6',
    domain: 'shop.staging.example.com',
  },
  gateway: { cpu: 1024, memoryMiB: 2048, fewest: 2, most: 4 },
  subgraphs: { usual: { cpu: 512, memoryMiB: 1024 } },
  lake: { cpu: 256, memoryMiB: 1024 },
  graph: { instanceClass: 'db.serverless', instances: 2, serverless: { least: 1, most: 8 } },
  cache: { nodeType: 'cache.t4g.small', nodes: 2 },
  postgres: { leastUnits: 0.5, mostUnits: 4, readers: 0 },
  kafka: { instanceType: 'kafka.t3.small', brokers: 3, gigabytes: 20 },
  vendors: {
    payment: 'https://payment.staging.example.com',
    wms: 'https://wms.staging.example.com',
    erp: 'https://erp.staging.example.com',
    notification: 'https://messages.staging.example.com',
  },
}
