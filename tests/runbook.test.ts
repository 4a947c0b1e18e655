import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { engineFaultKinds } from '@stoa/platform/engine-fault-kinds'

const root = fileURLToPath(new URL('../', import.meta.url))
const page = readFileSync(`${root}docs/runbook.md`, 'utf8')

/** The first cells of its tables. */
const documented = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`(\w+)`/g)].map(([, kind = '']) => kind))

const code = globSync('{platform,lake,subgraphs/recommendation}/src/**/*.ts', { cwd: root })
  .filter((path) => !/\.(test|contract|fixture)\.ts$|engine-fault-kinds/.test(path))
  .map((path) => readFileSync(`${root}${path}`, 'utf8'))
  .join('\n')

describe('docs/runbook.md', () => {
  it('has a line for each kind of fault, and for nothing else', () => {
    expect(documented.toSorted()).toEqual([...engineFaultKinds])
  })

  it.each(engineFaultKinds)('speaks of %s, which an engine does have', (kind) => {
    expect(code).toMatch(new RegExp(`['\\s(]${kind}[':]`))
  })
})
