import { startAwsServers } from '@stoa/app/local-servers'
import { engineKilledContract } from './engine-killed.contract.ts'

engineKilledContract({ stack: 'aws', start: startAwsServers, victims: ['dynamodb', 'moto', 'gremlin'] })
