import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'

const root = fileURLToPath(new URL('../', import.meta.url))
const page = read('docs/errors.md')

function read(path: string): string {
  return readFileSync(`${root}${path}`, 'utf8')
}

/** Sources that run in the shop. */
function sources(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: root })
    .filter((path) => !/\.(test|fixture|contract|generated)\.ts$|node_modules/.test(path))
    .map(read)
}

function documented(...sections: readonly string[]): readonly string[] {
  const parts = page
    .split(/^## /m)
    .filter((part) => sections.some((section) => part.startsWith(`${section}\n`)))
  return parts
    .flatMap((part) => [...part.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code = '']) => code))
    .sort()
}

function closedList(path: string, name: string): readonly string[] {
  const [, list = ''] = new RegExp(`${name} = \\[([^\\]]+)\\]`).exec(read(path)) ?? []
  return [...list.matchAll(/'([A-Z_]+)'/g)].map(([, code = '']) => code).sort()
}

/** Words of the schema that look like codes: statuses, reasons, kinds. */
function enumValues(): ReadonlySet<string> {
  const sdl = read('schema/api.graphql') + read('schema/events.graphql')
  return new Set([...sdl.matchAll(/^\s+([A-Z]+(?:_[A-Z]+)+)\b/gm)].map(([, value = '']) => value))
}

/** Words of the domains that look like codes and are none: states of a cart, verdicts of sourcing. */
const words = [
  'CHECKED_OUT',
  'COVERS_MOST',
  'HAS_NONE',
  'HOLDS_EVERYTHING',
  'HOLDS_TOO_LITTLE',
  'RANKED_LOWER',
]

/** A refusal's code is in capitals and has two words or more. */
function codesIn(texts: readonly string[], pattern: RegExp): readonly string[] {
  const known = new Set([...enumValues(), ...words, ...closedList('platform/src/fault.ts', 'faultCodes')])
  const found = texts.flatMap((text) => [...text.matchAll(pattern)].map(([, code = '']) => code))
  return [...new Set(found)].filter((code) => !known.has(code)).sort()
}

const anywhere = /'([A-Z]+(?:_[A-Z]+)+)'/g
const asCode = /\bcode: '([A-Z]+(?:_[A-Z]+)+)'/g

describe('docs/errors.md', () => {
  it('names every fault, and no other', () => {
    const faults = closedList('platform/src/fault.ts', 'faultCodes')
    expect(faults.length).toBeGreaterThan(10)
    expect(documented('Faults')).toEqual(faults)
  })

  it('names every code of the gateway, and no other', () => {
    const codes = closedList('gateway/src/error-codes.ts', 'gatewayErrorCodes')
    expect(codes.length).toBeGreaterThan(30)
    expect(documented('Gateway')).toEqual(codes)
  })

  it('names every refusal of the subgraphs, of hooks and of the shared vocabulary, and no other', () => {
    const found = new Set([
      ...codesIn(sources('subgraphs/*/src/**/*.ts'), anywhere),
      ...codesIn(sources('{platform,adapters/*,app}/src/**/*.ts'), asCode),
    ])
    const sections = ['Refusals', 'Refusals between systems', 'Notices of vendors']
    expect(documented(...sections)).toEqual([...found].sort())
  })

  it('names every code that the schema promises', () => {
    const promised = [...read('schema/api.graphql').matchAll(/^\s+`([A-Z]+(?:_[A-Z]+)+)`$/gm)].map(
      ([, code]) => code,
    )
    expect(promised.length).toBeGreaterThan(5)
    const all = documented('Refusals')
    expect(promised.filter((code) => !all.includes(code ?? ''))).toEqual([])
  })
})
