import { constants, setPriority } from 'node:os'
import { text } from 'node:stream/consumers'
import { systemClock } from '@stoa/platform/clock'
import { toFault } from '@stoa/platform/fault'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { openGraph } from '../graph.ts'
import { defaultLimits } from '../limits.ts'
import { parseSupergraph, subgraphsOf } from '../planner/subgraphs-of.ts'
import type { SupergraphToCheck } from './check-supergraph.ts'
import { locateSubgraphs } from './subgraph-clients.ts'

// Reads a supergraph from standard input and says what is wrong with it; nothing when it can be served.
// Whoever is being served comes first.
setPriority(constants.priority.PRIORITY_LOW)
try {
  const { supergraph, path, urls } = JSON.parse(await text(process.stdin))
  check({ supergraph, path, urls: new Map(urls) })
} catch (reason) {
  process.stdout.write(toFault(reason).message)
}

function check({ supergraph, path, urls }: SupergraphToCheck): void {
  const located = locateSubgraphs(subgraphsOf(parseSupergraph(supergraph, path)), urls)
  const nobody = { execute: async () => ({ data: null }) }
  const subgraphs = new Map(located.map(({ name }) => [name, nobody]))
  const parts = { clock: systemClock, random: systemRandom, log: silentLog }
  openGraph(supergraph, { ...parts, supergraph, subgraphs }, defaultLimits)
}
