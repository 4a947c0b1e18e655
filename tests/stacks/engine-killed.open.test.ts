import { startOpenServers } from '@stoa/app/local-servers'
import { engineKilledContract } from './engine-killed.contract.ts'

engineKilledContract({ stack: 'open', start: startOpenServers, victims: ['postgres', 'kafka', 'gremlin'] })
