import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { defaultLimits } from './limits.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** The cells of each table row that begins with a name in backticks. */
const rows = new Map(
  [...readme.matchAll(/^\| `(\w+)` \|(.*)\|$/gm)].map(([, name = '', rest = '']) => [
    name,
    rest.split('|').map((cell) => cell.trim()),
  ]),
)

describe('the README', () => {
  it('names every limit with its default, and no other', () => {
    const { adHoc, trusted, subscriptions, ...single } = defaultLimits
    const expected = [
      ...Object.entries({ ...single, ...subscriptions }).map(([name, value]) => [name, String(value)]),
      ...Object.entries(adHoc).map(([name, value]) => [
        name,
        String(value),
        String(Object.entries(trusted).find(([other]) => other === name)?.[1]),
      ]),
    ]
    const told = [...rows].map(([name, cells]) => [name, ...cells.slice(0, -1)])
    expect(told.sort()).toEqual(expected.sort())
  })
})
