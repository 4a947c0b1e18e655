import { afterAll, beforeAll, describe } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { startGremlin, whyNoGremlin } from '@stoa/servers/gremlin'
import type { LocalServer } from '@stoa/servers/local-server'
import { affinityGraphContract } from './affinity-graph.contract.ts'
import { openNeptuneAffinityGraph } from './affinity-graph.neptune.ts'
import { connectGremlin, type GremlinConnection } from './neptune/connection.ts'
import { withNeptuneLimits } from './neptune/limits.fixture.ts'
import { withRetries } from './neptune/with-retries.ts'
import type { AffinityGraph } from './ports.ts'

const reason = whyNoGremlin()
const describeHere = reason ? describe.skip : describe
const ports = { clock: systemClock, random: systemRandom, log: silentLog }

describeHere(reason ? `Gremlin is not tried: ${reason}` : 'on Gremlin Server', () => {
  let server: LocalServer

  beforeAll(async () => {
    server = await startGremlin({ others: 150 })
  })

  afterAll(async () => {
    await server[Symbol.asyncDispose]()
  })

  function connect(source: string): GremlinConnection {
    const connection = connectGremlin({ ...ports, url: server.endpoint, source, callWithinMs: 60_000 })
    return withRetries(withNeptuneLimits(connection), { ...ports, tries: 20 })
  }

  function open(source: string): AffinityGraph {
    return openNeptuneAffinityGraph({ ...ports, connection: connect(source), popularForMs: 0 })
  }

  let used = 0

  affinityGraphContract({
    name: 'the graph in Gremlin Server',
    runs: 5,
    async open() {
      // A graph of its own, never used before: TinkerGraph's transactions mistake what was dropped for a conflict.
      used += 1
      const source = `other${used}`
      const opened = new AsyncDisposableStack()
      return {
        graph: opened.use(open(source)),
        reopen: async () => opened.use(open(source)),
        [Symbol.asyncDispose]: () => opened.disposeAsync(),
      }
    },
  })
})
