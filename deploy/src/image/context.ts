import { readFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join, matchesGlob, relative } from 'node:path'

/** Copies what a build is given: all of `root` that the ignore file leaves in. */
export async function copyContext(root: string, ignoreFile: URL, to: string): Promise<void> {
  const isIn = createFilter(readFileSync(ignoreFile, 'utf8').split('\n'))
  await cp(root, to, {
    recursive: true,
    filter: (source) => source === root || isIn(relative(root, source)),
  })
}

/** As Docker reads it: the last pattern that matches decides; `!` takes back in, also what lies below. */
function createFilter(lines: readonly string[]): (path: string) => boolean {
  const rules = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ pattern: line.replace(/^!/, ''), takesIn: line.startsWith('!') }))
  return (path) => {
    const isFolderOfWanted = rules.some(({ pattern, takesIn }) => takesIn && pattern.startsWith(`${path}/`))
    const last = rules.findLast(({ pattern }) => matches(path, pattern))
    return isFolderOfWanted || last?.takesIn === true
  }
}

function matches(path: string, pattern: string): boolean {
  if (pattern === '*') return true
  return matchesGlob(path, pattern) || matchesGlob(path, join(pattern, '**'))
}
