import { readFileSync } from 'node:fs'

/** The committed supergraph, as `npm run generate` composed it. */
export function readSupergraph(): string {
  return readFileSync(new URL('../supergraph.graphql', import.meta.url), 'utf8')
}

/** The committed public API: what a head sees. */
export function readApi(): string {
  return readFileSync(new URL('../api.graphql', import.meta.url), 'utf8')
}
