import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { startShopProcess } from './support/shop-process.ts'

const root = new URL('../', import.meta.url)
const readme = readFileSync(new URL('README.md', root), 'utf8')
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))

describe('the README', () => {
  it('names only scripts that exist, and every script a user may want', () => {
    const named = [...readme.matchAll(/npm (?:run )?([a-z:]+)/g)].map(([, name]) => name ?? '')
    const known = [...Object.keys(manifest.scripts), 'ci', 'install']
    expect(named.filter((name) => !known.includes(name))).toEqual([])
    for (const name of ['start', 'start:split', 'demo', 'doctor', 'test', 'check', 'generate'])
      expect(named).toContain(name)
  })

  it('links only to files that exist', () => {
    const links = [...readme.matchAll(/\]\((?!http)([^)#]+)\)/g)].map(([, path]) => path ?? '')
    expect(links.length).toBeGreaterThan(5)
    for (const link of links) expect(() => readFileSync(new URL(link, root))).not.toThrow(/ENOENT/)
  })

  it('has a first query that works as it stands', async () => {
    await using shop = await startShopProcess({ args: ['--port', '0', '--scale', '0.1'] })
    const command = /```sh\n(curl [\s\S]*?)```/.exec(readme)?.[1] ?? ''
    const run = spawnSync(
      'bash',
      ['-c', command.replace('localhost:4000', shop.url.replace('http://', ''))],
      { encoding: 'utf8' },
    )
    const { data } = JSON.parse(run.stdout)
    expect(data.products.nodes).toHaveLength(2)
    expect(Object.keys(data.products.nodes[0])).toEqual(['id', 'name'])
  })

  it('has a doctor that finds this machine well', () => {
    const doctor = spawnSync(process.execPath, [fileURLToPath(new URL('tools/doctor.mjs', root))], {
      encoding: 'utf8',
    })
    expect(JSON.parse(doctor.stdout.trim().split('\n').at(-1) ?? '{}')).toMatchObject({
      name: 'doctor',
      figures: { wrong: 0 },
    })
  })
})
