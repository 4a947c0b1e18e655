import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import library from '@graphql-hive/router-query-planner/package.json' with { type: 'json' }
import { version as graphqlVersion } from 'graphql'

/** Of names and values in the cache. */
const FORMAT = 1
const sources = new URL('../', import.meta.url)
let edition: string | undefined

/**
 * Which planner this is: another version of the library, or other sources of our own around it, may plan otherwise, and
 * what they mend must not come back from the cache.
 */
export function plannerEdition(): string {
  edition ??= [FORMAT, library.version, graphqlVersion, hash('sha256', ownSources())].join(' ')
  return edition
}

function ownSources(): string {
  return readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .sort()
    .map((name) => `${name}\n${readFileSync(new URL(name, sources), 'utf8')}`)
    .join('\n')
}
