import type { ServeOptions } from './options.ts'
import type { ServiceFacts } from './service.ts'
import { version } from './version.ts'

export interface Ready extends ServiceFacts {
  readonly options: ServeOptions
}

/** What the program says once it serves: one block for people, one JSON line for programs. */
export function readyText(ready: Ready): string {
  return process.stdout.isTTY ? readyBlock(ready) : readyLine(ready)
}

function readyLine({ options, url, port, supergraph, subgraphs }: Ready): string {
  const { workers, production } = options
  const facts = { version, pid: process.pid, url, port, supergraph, subgraphs, workers, production }
  return `${JSON.stringify({ event: 'ready', ...facts })}\n`
}

function readyBlock({ options, url, supergraph, subgraphs }: Ready): string {
  const width = Math.max(9, ...subgraphs.map(({ name }) => name.length + 2))
  const rows: readonly (readonly [string, string])[] = [
    ['GraphQL', `${url}/graphql`],
    ['Health', `${url}/readyz         also /livez, /version`],
    ['Runs', options.production ? 'trusted documents only' : 'any document, introspection too'],
    ['Graph', `${options.supergraph} (${supergraph}), watched`],
    ...subgraphs.map((subgraph) => [`  ${subgraph.name}`, subgraph.url] as const),
  ]
  const workers = options.workers > 1 ? `   ${options.workers} workers` : ''
  return [
    '',
    `  Stoa gateway ${version}   node ${process.versions.node}${workers}`,
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    '',
    '  Stop: Ctrl+C',
    '',
  ].join('\n')
}
