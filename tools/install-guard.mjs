// Makes `npm start` and `npm test` work as the first command typed on a fresh clone.
// Plain JavaScript on purpose: it runs on the host's own, possibly old, Node before anything is installed.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
// npm writes this file last, so an interrupted install leaves none (or an old one) behind.
const mark = join(root, 'node_modules', '.package-lock.json')
const lock = join(root, 'package-lock.json')

if (!isInstalled()) install()

function isInstalled() {
  if (!existsSync(mark) || !existsSync(join(root, 'node_modules', '.bin', 'node'))) return false
  if (statSync(mark).mtimeMs >= statSync(lock).mtimeMs) return true
  // A checkout touches the lock without changing it; what counts is whether the versions still agree.
  return versions(mark) === versions(lock)
}

function versions(file) {
  const { packages } = JSON.parse(readFileSync(file, 'utf8'))
  return Object.keys(packages)
    .filter((name) => name.startsWith('node_modules/') && existsSync(join(root, name)))
    .sort()
    .map((name) => `${name}@${packages[name].version ?? ''}`)
    .join('\n')
}

function install() {
  process.stderr.write('Installing what is missing (npm ci, about a minute)…\n')
  const started = Date.now()
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (result.status !== 0) {
    process.stderr.write(
      '\nThe install failed. Expected: `npm ci` to finish; got: exit code ' +
        `${result.status ?? result.signal ?? result.error?.message}.\nWhat to do: run \`npm ci\` and read its first error, then try again.\n`,
    )
    process.exit(result.status ?? 1)
  }
  process.stderr.write(`Installed in ${Math.round((Date.now() - started) / 1000)} s.\n`)
}
