import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Artifact } from './artifact.ts'

/** Writes what differs; answers which. */
export function writeArtifacts(root: URL, artifacts: readonly Artifact[]): readonly string[] {
  const stale = artifacts.filter((artifact) => committed(root, artifact) !== artifact.content)
  for (const { path, content } of stale) {
    const file = new URL(path, root)
    mkdirSync(new URL('./', file), { recursive: true })
    writeFileSync(file, content)
  }
  return stale.map(({ path }) => path)
}

/** What is committed but does not follow from the contracts any more: one line a file, then where it first differs. */
export function describeStale(root: URL, artifacts: readonly Artifact[]): readonly string[] {
  return artifacts.flatMap((artifact) => {
    const before = committed(root, artifact)
    if (before === artifact.content) return []
    return before === undefined ? [`${artifact.path} is missing`] : [difference(artifact, before)]
  })
}

function committed(root: URL, { path }: Artifact): string | undefined {
  const file = new URL(path, root)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function difference({ path, content }: Artifact, before: string): string {
  const [is, expected] = [before.split('\n'), content.split('\n')]
  const at = expected.findIndex((line, i) => line !== is[i])
  const first = at < 0 ? expected.length : at
  const kept = new Set(expected)
  const had = new Set(is)
  const gone = is.filter((line) => !kept.has(line)).length
  const come = expected.filter((line) => !had.has(line)).length
  return [
    `${path} is stale: ${come} lines come, ${gone} go; first at line ${first + 1}`,
    `  committed: ${is[first] ?? '(end)'}`,
    `  expected:  ${expected[first] ?? '(end)'}`,
  ].join('\n')
}
