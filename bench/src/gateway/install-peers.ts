import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Contestant, peersFolder } from './contestants.ts'

/** Brings the other gateways in, once, from the lock of their own folder. Answers a sentence when that failed. */
export function installPeers(): string | undefined {
  const mark = join(peersFolder, 'node_modules', '.package-lock.json')
  const lock = join(peersFolder, 'package-lock.json')
  if (existsSync(mark) && statSync(mark).mtimeMs >= statSync(lock).mtimeMs) return undefined
  process.stderr.write('Installing the other gateways (npm ci in bench/peers, about a minute, 600 MB)…\n')
  const { status, stderr } = spawnSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], {
    cwd: peersFolder,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    timeout: 600_000,
  })
  if (status === 0) return undefined
  return `npm ci in bench/peers ended with ${status}: ${lastLines(stderr)}`
}

/** Why it cannot run here, or nothing. */
export function missingOf({ needs }: Contestant, problem: string | undefined): string | undefined {
  const missing = needs.find((file) => !existsSync(join(peersFolder, file)))
  if (missing === undefined) return undefined
  const why = problem ?? `there is no such package for ${process.platform} ${process.arch}`
  return `not installed (bench/peers/${missing}): ${why}`
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' ')
}
