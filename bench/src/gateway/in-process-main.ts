import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { createGateway, type SubgraphClient } from '@stoa/gateway/gateway'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { untilStopped } from '@stoa/platform/until-stopped'
import { type AnswerSubgraph, createSubgraphAnswers, type SubgraphQuestion } from './subgraph-answers.ts'

// As in the program of the gateway (gateway/src/serve/main.ts), which says why.
setFlagsFromString('--no-allocation-site-pretenuring')

/** Our gateway with the subgraphs inside its own process: no wire, answers are objects remembered from the first time. */
const { values } = parseArgs({
  options: { supergraph: { type: 'string', default: '' }, port: { type: 'string', default: '0' } },
})

await using gateway = createGateway({
  supergraph: readFileSync(values.supergraph, 'utf8'),
  subgraphs: new Map([...createSubgraphAnswers()].map(([name, answer]) => [name, remembering(answer)])),
  clock: systemClock,
  random: systemRandom,
  log: silentLog,
})
const server = createServer((request, response) => void gateway.handle(request, response))
server.listen(Number(values.port), '127.0.0.1')
await untilStopped()
server.close()
server.closeAllConnections()

function remembering(answer: AnswerSubgraph): SubgraphClient {
  const remembered = new Map<string, Promise<Awaited<ReturnType<AnswerSubgraph>>>>()
  return {
    execute(question) {
      const key = question.query + keysIn(question)
      const known = remembered.get(key)
      if (known) return known
      const answered = answer(question)
      remembered.set(key, answered)
      return answered
    },
  }
}

/** What tells one question of a document from another: its entities' keys, which cost less to read than JSON. */
function keysIn({ variables }: SubgraphQuestion): string {
  const lists = Object.values(variables ?? {})
  return lists.map((list) => (Array.isArray(list) ? list.map(keyOf).join() : JSON.stringify(list))).join(';')
}

function keyOf(representation: unknown): string {
  if (typeof representation !== 'object' || representation === null) return String(representation)
  if ('upc' in representation) return String(representation.upc)
  return 'id' in representation ? String(representation.id) : JSON.stringify(representation)
}
