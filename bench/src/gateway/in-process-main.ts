import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { createGateway } from '@stoa/gateway/gateway'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { untilStopped } from '@stoa/platform/until-stopped'
import { createRememberedAnswers } from './remembered-answers.ts'

// As in the program of the gateway (gateway/src/serve/main.ts), which says why.
setFlagsFromString('--no-allocation-site-pretenuring')

/** Our gateway with the subgraphs inside its own process: no wire, answers are objects remembered from the first time. */
const { values } = parseArgs({
  options: { supergraph: { type: 'string', default: '' }, port: { type: 'string', default: '0' } },
})

await using gateway = createGateway({
  supergraph: readFileSync(values.supergraph, 'utf8'),
  subgraphs: new Map([...createRememberedAnswers()].map(([name, execute]) => [name, { execute }])),
  clock: systemClock,
  random: systemRandom,
  log: silentLog,
})
const server = createServer((request, response) => void gateway.handle(request, response))
server.listen(Number(values.port), '127.0.0.1')
await untilStopped()
server.close()
server.closeAllConnections()
