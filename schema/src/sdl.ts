import { readFileSync } from 'node:fs'

const sharedFile: URL = new URL('../shared.graphql', import.meta.url)
let shared: string | undefined

/** The types that mean the same in every subgraph, as SDL. */
export function sharedSdl(): string {
  shared ??= readFileSync(sharedFile, 'utf8')
  return shared
}

/** A subgraph's whole SDL: the shared types, then its own file. */
export function readTypeDefs(url: URL): string {
  return joinTypeDefs(readFileSync(url, 'utf8'))
}

/** Puts the shared types before a subgraph's own SDL. */
export function joinTypeDefs(own: string): string {
  return `${sharedSdl()}\n${own}`
}
