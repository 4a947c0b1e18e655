import { Fault } from '@stoa/platform/fault'
import type { Env } from '@stoa/platform/subgraph'

/** Which graph database to use. */
export interface GraphConfig {
  /** `wss://graph.example:8182/gremlin` */
  readonly url: string
  /** The AWS region to sign for; absent: nothing is signed. */
  readonly region?: string
}

/**
 * Reads `GRAPH_URL` and `GRAPH_REGION`; undefined where there is no graph database and the graph is kept in memory. Throws
 * BAD_CONFIG with everything that is wrong.
 */
export function readGraphConfig(env: Env): GraphConfig | undefined {
  const { GRAPH_URL, GRAPH_REGION } = env
  // Set to nothing counts as not set.
  const [url, region] = [GRAPH_URL || undefined, GRAPH_REGION || undefined]
  const problems = [
    ...(url !== undefined && !isSocketUrl(url) ? [URL_WANTED] : []),
    ...(region !== undefined && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region) ? [REGION_WANTED] : []),
    ...(region !== undefined && url === undefined ? [URL_MISSING] : []),
  ]
  if (problems.length > 0) {
    const lines = problems.map((problem) => `  ${problem}`).join('\n')
    throw new Fault('BAD_CONFIG', `The configuration is wrong. Correct these and start again:\n${lines}`)
  }
  return url === undefined ? undefined : { url, ...(region !== undefined && { region }) }
}

const EXAMPLE = 'GRAPH_URL=wss://graph.example:8182/gremlin'
const URL_WANTED = `GRAPH_URL: got something else, expected a WebSocket URL, for example ${EXAMPLE}`
const URL_MISSING = `GRAPH_URL: got nothing, expected a WebSocket URL beside GRAPH_REGION, for example ${EXAMPLE}`
const REGION_WANTED =
  'GRAPH_REGION: got something else, expected an AWS region, for example GRAPH_REGION=eu-south-1'

function isSocketUrl(text: string): boolean {
  return URL.canParse(text) && /^wss?:$/.test(new URL(text).protocol)
}
