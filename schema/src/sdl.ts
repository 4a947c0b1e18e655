import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const sharedFile: URL = new URL('../shared.graphql', import.meta.url)
const root: string = fileURLToPath(new URL('../../', import.meta.url))
let shared: string | undefined

/** The types that mean the same in every subgraph, as SDL. */
export function sharedSdl(): string {
  shared ??= readFileSync(sharedFile, 'utf8')
  return shared
}

/** The directives that the edge understands on operations, as SDL. */
export function edgeSdl(): string {
  return readFileSync(new URL('../edge.graphql', import.meta.url), 'utf8')
}

/** A subgraph's whole SDL: the shared types, then its own file. */
export function readTypeDefs(url: URL): string {
  return joinTypeDefs(readFileSync(url, 'utf8'), relative(root, fileURLToPath(url)))
}

/** Puts the shared types before a subgraph's own SDL and marks where each file begins, for `locateSdl`. */
export function joinTypeDefs(own: string, file: string): string {
  return `${MARK}schema/shared.graphql\n${sharedSdl()}\n${MARK}${file}\n${own}`
}

/** Which file a line of the joined SDL comes from, and which line of it that is; both count from 1. */
export function locateSdl(sdl: string, line: number): { readonly file?: string; readonly line: number } {
  const before = sdl.split('\n').slice(0, line)
  const start = before.findLastIndex((text) => text.startsWith(MARK))
  const file = before[start]?.slice(MARK.length)
  return file === undefined ? { line } : { file, line: line - start - 1 }
}

const MARK = '# file: '
