import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { composeSupergraph } from '@stoa/schema/compose'
import { fencesIn } from './support/read-page.ts'

const page = readFileSync(new URL('../docs/migration.md', import.meta.url), 'utf8')
const [monolith = '', inventory = ''] = fencesIn(page, 'graphql')

function compose(...parts: readonly (readonly [name: string, sdl: string])[]) {
  return composeSupergraph(parts.map(([name, sdl]) => ({ name, sdl })))
}

describe('docs/migration.md', () => {
  it('has parts that compose, at each step of the way', () => {
    const percent = inventory.replace('label: "new-stock"', 'label: "percent(50)"')
    const moved = inventory.replace(', label: "new-stock"', '')
    expect(compose(['monolith', monolith]).ok).toBe(true)
    for (const step of [inventory, percent, moved]) {
      const composed = compose(['monolith', monolith], ['inventory', step])
      if (!composed.ok) throw new Error(JSON.stringify(composed.error))
      expect(composed.value.supergraph).toContain('"monolith"')
    }
    expect(new Set([inventory, percent, moved]).size).toBe(3)
  })
})
