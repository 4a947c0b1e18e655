import { startAwsServers } from '@stoa/app/local-servers'
import { engineKilledContract } from './engine-killed.contract.ts'

engineKilledContract({
  stack: 'aws',
  start: () => startAwsServers({ durable: true }),
  victims: ['dynamodb', 'moto', 'gremlin'],
})
