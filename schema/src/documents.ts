import { readdirSync, readFileSync } from 'node:fs'
import { Kind, parse } from 'graphql'

/** An operation that a head was built with. */
export interface TrustedDocument {
  readonly text: string
  readonly operationName: string
  /** Whose it is: `web`, `kiosk`, `mobile`, `partner-acme`. */
  readonly head: string
}

const folder: URL = new URL('../documents/', import.meta.url)

/** Every trusted document by its id, `sha256:<hex of its text>`, as `npm run generate` wrote them down per head. */
export function loadDocuments(): ReadonlyMap<string, TrustedDocument> {
  const manifests = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return new Map(manifests.sort().flatMap((name) => readManifest(name.slice(0, -'.json'.length))))
}

function readManifest(head: string): readonly [string, TrustedDocument][] {
  const manifest: unknown = JSON.parse(readFileSync(new URL(`${head}.json`, folder), 'utf8'))
  return Object.entries(manifest ?? {}).map(([id, text]) => [
    id,
    { text: String(text), operationName: operationNameOf(String(text)), head },
  ])
}

/** The name of the one operation in a document; throws when there is not exactly one with a name. */
export function operationNameOf(text: string): string {
  const operations = parse(text, { noLocation: true }).definitions.filter(
    (node) => node.kind === Kind.OPERATION_DEFINITION,
  )
  const name = operations[0]?.name?.value
  if (operations.length === 1 && name) return name
  throw new Error(
    `Expected one named operation in a trusted document, got ${operations.length}: ${text.slice(0, 60)}`,
  )
}
