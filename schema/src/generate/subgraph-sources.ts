import { readdirSync } from 'node:fs'
import type { SubgraphSource } from '../composition-problem.ts'
import { readTypeDefs } from '../sdl.ts'

/** Every `subgraphs/<name>/schema.graphql`, by name: the contract is read, no subgraph is run. */
export function readSubgraphSources(root: URL): readonly SubgraphSource[] {
  const folder = new URL('subgraphs/', root)
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, sdl: readTypeDefs(new URL(`${name}/schema.graphql`, folder)) }))
}
