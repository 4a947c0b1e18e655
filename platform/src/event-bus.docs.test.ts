import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { compilePattern } from './event-pattern.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const text = readFileSync(`${root}docs/event-bus.md`, 'utf8')

/** Rows of the pattern table: element, pattern, an event that matches, one that does not. */
const rows = text
  .split('\n')
  .filter((line) => /^\| .*\| `\{.*\| `\{.*\| `\{/.test(line))
  .map((line) => line.split(/ \| (?=`)/).map((cell) => cell.replace(/^\| /, '').replace(/ \|$/, '')))

describe('docs/event-bus.md', () => {
  it('has an example for every operator', () => {
    expect(rows.length).toBe(15)
    const operators = [
      'exactly',
      'prefix',
      'suffix',
      'equals-ignore-case',
      'wildcard',
      'numeric',
      'cidr',
      'exists',
      'anything-but',
      '$or',
    ]
    for (const operator of operators)
      expect(rows.some(([, pattern]) => pattern?.includes(`"${operator}"`))).toBe(true)
  })

  for (const [element = '', pattern, yes, no] of rows) {
    it(`tells the truth about ${element}`, () => {
      const compiled = compilePattern(parseCell(pattern))
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.error))
      expect([compiled.value(parseCell(yes)), compiled.value(parseCell(no))]).toEqual([true, false])
    })
  }

  it('has an example that prints what it says', async () => {
    const [, code = ''] = /```ts\n(.*?)```/s.exec(text) ?? []
    const [, printed] = /```text\n(.*?)```/s.exec(text) ?? []
    const run = await promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', code], {
      cwd: root,
    })
    expect(run.stdout).toBe(printed)
  })
})

function parseCell(cell = '') {
  return JSON.parse(cell.replaceAll('`', ''))
}
