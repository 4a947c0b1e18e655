import type { Environment } from '../environment.ts'

/** For trying things: one NAT gateway, nothing kept, reached from inside the network only. */
export const dev: Environment = {
  name: 'dev',
  region: 'eu-west-1',
  zones: ['eu-west-1a', 'eu-west-1b'],
  cidr: '10.40.0.0/16',
  natGateways: 1,
  keepsData: false,
  logDays: 7,
  backupDays: 1,
  archiveDays: 7,
  front: {
    from: 'internal',
    certificateArn: 'arn:aws:acm:eu-west-1:111111111111:certificate/00000000-0000-4000-8000-00000000de00',
    domain: 'shop.dev.example.com',
  },
  gateway: { cpu: 512, memoryMiB: 1024, fewest: 1, most: 2 },
  subgraphs: { usual: { cpu: 256, memoryMiB: 1024 } },
  lake: { cpu: 256, memoryMiB: 512 },
  graph: { instanceClass: 'db.serverless', instances: 1, serverless: { least: 1, most: 2.5 } },
  cache: { nodeType: 'cache.t4g.micro', nodes: 1 },
  vendors: {
    payment: 'https://payment.dev.example.com',
    wms: 'https://wms.dev.example.com',
    erp: 'https://erp.dev.example.com',
    notification: 'https://messages.dev.example.com',
  },
}
