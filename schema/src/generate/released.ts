import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import type { Manifest } from './manifests.ts'

/** Contracts as the last release had them, under `schema/released/`. */
export interface Released {
  readonly api: string
  readonly events: string
  /** Trusted documents per head. */
  readonly manifests: ReadonlyMap<string, Manifest>
}

/** Undefined before the first release. */
export function readReleased(root: URL): Released | undefined {
  const folder = new URL('schema/released/', root)
  if (!existsSync(new URL('api.graphql', folder))) return undefined
  const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
  return { api: read('api.graphql'), events: read('events.graphql'), manifests: readReleasedManifests(root) }
}

export function readReleasedManifests(root: URL): ReadonlyMap<string, Manifest> {
  const folder = new URL('schema/released/documents/', root)
  if (!existsSync(folder)) return new Map()
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return new Map(names.map((name) => [name.slice(0, -'.json'.length), readManifest(new URL(name, folder))]))
}

function readManifest(file: URL): Manifest {
  // Written by `markRelease` below, from a manifest.
  return JSON.parse(readFileSync(file, 'utf8')) as Manifest
}

/** Makes the contracts as they are now the ones that later changes are compared with. */
export function markRelease(root: URL): void {
  const schema = new URL('schema/', root)
  const released = new URL('released/', schema)
  rmSync(released, { recursive: true, force: true })
  mkdirSync(new URL('documents/', released), { recursive: true })
  for (const name of ['api.graphql', 'events.graphql']) cpSync(new URL(name, schema), new URL(name, released))
  for (const name of readdirSync(new URL('documents/', schema))) {
    const from = new URL(`documents/${name}`, schema)
    if (name.endsWith('.json')) cpSync(from, new URL(`documents/${name}`, released))
  }
}
