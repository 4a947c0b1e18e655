import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A copy of this checkout whose files a test may damage; it shares the installed packages. */
export interface CheckoutCopy extends AsyncDisposable {
  readonly folder: string
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const PARTS = ['adapters', 'app', 'gateway', 'lake', 'platform', 'schema', 'subgraphs', 'package.json']

export async function copyCheckout(): Promise<CheckoutCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'stoa-copy-'))
  const filter = (path: string): boolean => !path.endsWith('.test.ts') && !path.includes('node_modules')
  await Promise.all(
    PARTS.map((part) => cp(join(ROOT, part), join(folder, part), { recursive: true, filter })),
  )
  await linkPackages(folder)
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

/** Everything from the real install, but our own packages from the copy. */
async function linkPackages(folder: string): Promise<void> {
  const installed = join(ROOT, 'node_modules')
  await mkdir(join(folder, 'node_modules', '@stoa'), { recursive: true })
  const names = (await readdir(installed)).filter((name) => name !== '@stoa')
  await Promise.all(names.map((name) => symlink(join(installed, name), join(folder, 'node_modules', name))))
  const groups = ['subgraphs', 'adapters']
  const own = [
    ...['app', 'gateway', 'lake', 'platform', 'schema'].map((name) => [name, name] as const),
    ...(await Promise.all(groups.map((group) => workspacesOf(folder, group)))).flat(),
  ]
  await Promise.all(
    own.map(([name, path]) => symlink(join(folder, path), join(folder, 'node_modules', '@stoa', name))),
  )
}

async function workspacesOf(folder: string, group: string): Promise<readonly (readonly [string, string])[]> {
  const entries = await readdir(join(folder, group), { withFileTypes: true })
  const prefix = group === 'adapters' ? 'adapter-' : ''
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => [`${prefix}${entry.name}`, join(group, entry.name)] as const)
}
