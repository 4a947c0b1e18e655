import type { Environment } from '../environment.ts'

/** Three zones, everything kept. The sizes are to start from: measure your own peak, then change them here. */
export const production: Environment = {
  name: 'production',
  region: 'eu-west-1',
  zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
  cidr: '10.42.0.0/16',
  natGateways: 3,
  keepsData: true,
  logDays: 365,
  backupDays: 35,
  archiveDays: 365,
  front: {
    from: 'internet',
    certificateArn: 'arn:aws:acm:eu-west-1:333333333333:certificate/00000000-0000-4000-8000-000000009d0d',
    domain: 'shop.example.com',
  },
  gateway: { cpu: 2048, memoryMiB: 4096, fewest: 3, most: 24 },
  subgraphs: {
    usual: { cpu: 1024, memoryMiB: 2048 },
    catalog: { cpu: 2048, memoryMiB: 4096 },
    orders: { cpu: 2048, memoryMiB: 4096 },
  },
  lake: { cpu: 512, memoryMiB: 2048 },
  graph: { instanceClass: 'db.r6g.large', instances: 2 },
  cache: { nodeType: 'cache.r7g.large', nodes: 3 },
  vendors: {
    payment: 'https://payment.example.com',
    wms: 'https://wms.example.com',
    erp: 'https://erp.example.com',
    notification: 'https://messages.example.com',
  },
}
