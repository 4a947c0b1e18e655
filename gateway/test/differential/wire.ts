import { hash } from 'node:crypto'
import { seededRandom } from '@stoa/platform/random'
import type { SubgraphResponse } from '@stoa/platform/subgraph'
import type { SubgraphClient } from '../../src/options.ts'
import { pick } from './model.ts'

/** The same subgraph as a network brings it: text, in one of the many forms that mean the same. */
export function overWire(client: SubgraphClient): SubgraphClient {
  return {
    execute: (request) => client.execute(request),
    async exchange({ body, context }) {
      const asked = JSON.parse(Buffer.from(body, 'latin1').toString())
      const response = await client.execute({ ...asked, context })
      const style = pick(seededRandom(Number.parseInt(hash('sha256', body).slice(0, 8), 16)), STYLES)
      return Buffer.from(write(response, style))
    },
  }
}

type Style = 'plain' | 'pretty' | 'reordered' | 'numbers' | 'escapes' | 'extensions' | 'extensions-first'

const STYLES: readonly Style[] = [
  ...Array.from({ length: 12 }, () => 'plain' as const),
  ...(['pretty', 'reordered', 'numbers', 'escapes', 'extensions', 'extensions-first'] as const),
]

function write(response: SubgraphResponse, style: Style): string {
  switch (style) {
    case 'plain':
      return JSON.stringify(response)
    case 'pretty':
      return JSON.stringify(response, null, '\t')
    case 'reordered':
      return JSON.stringify(reordered(response))
    case 'numbers':
      return JSON.stringify(response).replace(WHOLE_NUMBERS, '$1$2.0')
    case 'escapes':
      return escaped(JSON.stringify(response))
    case 'extensions':
      return JSON.stringify({ ...response, extensions: EXTENSIONS })
    case 'extensions-first':
      return JSON.stringify({ extensions: EXTENSIONS, ...response })
  }
}

const EXTENSIONS = { cost: 1.5, trace: ['é', { deep: null }] }
/** Members and items; what looks like one within a string has a quote before it, which is escaped there. */
const WHOLE_NUMBERS = /((?<!\\)":|[[,])(-?\d+)(?=[,\]}])/g

function escaped(json: string): string {
  return json
    .replaceAll('/', '\\/')
    .replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Not within a custom scalar's value, whose order is its own. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered)
  if (typeof value !== 'object' || value === null || 'inner' in value) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reordered(inner)]),
  )
}
