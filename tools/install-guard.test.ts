import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

const guard = fileURLToPath(new URL('install-guard.mjs', import.meta.url))
const HOUR_S = 3600
let clone = ''

/** A clone with the guard in it, and an `npm` that notes how it was called instead of going to the network. */
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'stoa-guard-'))
  for (const folder of ['tools', 'bin']) mkdirSync(join(clone, folder))
  copyFileSync(guard, join(clone, 'tools/install-guard.mjs'))
  writeLock('package-lock.json', { 'node_modules/zod': { version: '4.0.0' } })
  npmThatSays('', 0)
})
afterEach(() => rmSync(clone, { recursive: true }))

type Packages = Readonly<Record<string, { readonly version: string; readonly optional?: boolean }>>

function writeLock(file: string, packages: Packages, ageHours = 0): void {
  const path = join(clone, file)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, JSON.stringify({ packages: { '': { name: 'stoa' }, ...packages } }))
  const at = Date.now() / 1000 - ageHours * HOUR_S
  utimesSync(path, at, at)
}

function installed(packages: Packages, ageHours = 0): void {
  writeLock('node_modules/.package-lock.json', packages, ageHours)
  mkdirSync(join(clone, 'node_modules/.bin'))
  writeFileSync(join(clone, 'node_modules/.bin/node'), '')
}

function npmThatSays(words: string, exitCode: number): void {
  const file = join(clone, 'bin/npm')
  writeFileSync(join(clone, 'words'), words)
  writeFileSync(file, `#!/bin/sh\necho "$@" > called\ncat words >&2\nexit ${exitCode}\n`)
  chmodSync(file, 0o755)
}

interface Guarded {
  readonly code: number | null
  readonly told: string
  /** What npm was called with, if it was. */
  readonly npm: string | undefined
}

function run(path = `${join(clone, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`): Guarded {
  const { status, stderr } = spawnSync(process.execPath, [join(clone, 'tools/install-guard.mjs')], {
    encoding: 'utf8',
    env: { PATH: path },
  })
  const called = join(clone, 'called')
  return {
    code: status,
    told: stderr,
    npm: existsSync(called) ? readFileSync(called, 'utf8').trim() : undefined,
  }
}

const ZOD = { 'node_modules/zod': { version: '4.0.0' } }

describe('the install guard', () => {
  it('installs a fresh clone, and says before and after what it does', () => {
    const { code, told, npm } = run()
    expect(code).toBe(0)
    expect(npm).toMatch(/^ci .*--ignore-scripts/)
    expect(told).toMatch(/^Installing 1 packages into node_modules .*\nInstalled 1 packages in \d+ s\.\n$/)
  })

  it('does nothing and says nothing where everything is installed', () => {
    installed(ZOD)
    expect(run()).toEqual({ code: 0, told: '', npm: undefined })
  })

  it('does nothing where a checkout has touched the lock without changing it', () => {
    installed(ZOD, 5)
    expect(run().npm).toBeUndefined()
  })

  it('does not miss what only other machines install', () => {
    installed(ZOD, 5)
    writeLock('package-lock.json', { ...ZOD, 'node_modules/for-mac': { version: '1.0.0', optional: true } })
    expect(run().npm).toBeUndefined()
  })

  it.each([
    ['another version', { 'node_modules/zod': { version: '4.0.1' } }],
    ['one package more', { ...ZOD, 'node_modules/undici': { version: '7.0.0' } }],
    ['one package more inside another', { ...ZOD, 'node_modules/zod/node_modules/a': { version: '1.0.0' } }],
  ])('installs again when the lock has %s', (_what, wanted) => {
    installed(ZOD, 5)
    writeLock('package-lock.json', wanted)
    expect(run().npm).toMatch(/^ci /)
  })

  it('installs again when the last install was interrupted', () => {
    installed(ZOD)
    rmSync(join(clone, 'node_modules/.package-lock.json'))
    expect(run().npm).toMatch(/^ci /)
  })

  it('passes on what npm says, but for the engines of the Node that only installs', () => {
    const noise =
      "npm warn EBADENGINE Unsupported engine {\nnpm warn EBADENGINE   package: 'x',\nnpm warn EBADENGINE }\n"
    npmThatSays(`${noise}npm warn deprecated old@1.0.0: no longer kept\n`, 0)
    const { told } = run()
    expect(told).not.toContain('EBADENGINE')
    expect(told).toContain('npm warn deprecated old@1.0.0')
  })

  it('ends with the code of npm when that fails, says why and what to do', () => {
    npmThatSays('npm error code ENOTFOUND\n', 7)
    const { code, told } = run()
    expect(code).toBe(7)
    expect(told).toContain('npm error code ENOTFOUND')
    expect(told).toContain('The install failed. Expected: `npm ci` to finish; got: exit code 7.')
    expect(told).not.toContain('Installed')
  })

  it('says so when there is no npm at all', () => {
    const { code, told } = run(join(clone, 'nothing-here'))
    expect(code).toBe(1)
    expect(told).toMatch(/The install failed.*ENOENT/)
  })
})
