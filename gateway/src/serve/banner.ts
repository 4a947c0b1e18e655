import type { Log, LogFields } from '@stoa/platform/log'
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
    ['Context', contextText(options)],
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

function contextText({ secretFile }: ServeOptions): string {
  return secretFile === undefined ? 'none is sent to subgraphs' : `signed by ${secretFile}`
}

/** That requests under way are being ended, and that none is left. */
export function tellEnd(log: Log, what: 'stopping' | 'stopped'): void {
  if (!process.stdout.isTTY) log.info({}, what)
  else process.stdout.write(what === 'stopped' ? '\n  Stopped.\n' : STOPPING)
}

const STOPPING = '\n  Stopping: requests under way have ten seconds. Ctrl+C again ends it at once.\n'

/** What happens later on: a line for people, a log line for programs. */
export function tell(log: Log, fields: LogFields, message: string): void {
  if (process.stdout.isTTY) {
    const facts = Object.entries(fields).map(([name, value]) => `${name} ${value}`)
    process.stdout.write(`  ✔ ${message}: ${facts.join(', ')}\n`)
  } else log.info(fields, message)
}
