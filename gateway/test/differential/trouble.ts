import { hash } from 'node:crypto'
import { Fault } from '@stoa/platform/fault'
import { type Random, seededRandom } from '@stoa/platform/random'
import type { SubgraphResponse } from '@stoa/platform/subgraph'
import { chance, pick } from './model.ts'

/** What a subgraph does to everybody who asks it. */
export interface Trouble {
  readonly kind: 'rejects' | 'nonsense'
  readonly subgraph: string
  readonly seed: number
}

/** The answer as a subgraph in trouble gives it. */
export function inTrouble(
  { kind, seed }: Trouble,
  response: SubgraphResponse,
  request: string,
): SubgraphResponse {
  if (kind === 'rejects') throw new Fault('UPSTREAM_UNAVAILABLE', 'it is down')
  const random = seededRandom(Number.parseInt(hash('sha256', `${seed} ${request}`).slice(0, 8), 16))
  // A copy with own keys of any name, as JSON brings them.
  const copy: unknown = JSON.parse(JSON.stringify(response))
  // Nonsense is of any form: this is what a network brings, whatever the types say.
  return spoil(random, copy, 0.15) as SubgraphResponse
}

const POISON: unknown = JSON.parse(
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
)
const NONSENSE: readonly unknown[] = [
  ...[
    null,
    [],
    {},
    [[]],
    [null],
    { nonsense: true },
    1e300,
    -1,
    true,
    '__proto__',
    { __typename: 'Nothing' },
  ],
  ...[{ __typename: 7 }, { errors: [{}] }, POISON],
]

function spoil(random: Random, value: unknown, share: number): unknown {
  if (chance(random, share)) return change(random, value)
  if (Array.isArray(value)) return value.map((item) => spoil(random, item, share))
  if (typeof value !== 'object' || value === null) return value
  const spoilt = Object.entries(value).map(([key, inner]) => [key, spoil(random, inner, share)])
  return chance(random, share) ? withPoison(spoilt) : Object.fromEntries(spoilt)
}

function change(random: Random, value: unknown): unknown {
  if (Array.isArray(value) && chance(random, 0.7))
    return chance(random, 0.5) ? value.slice(1) : [...value, pick(random, NONSENSE)]
  return pick(random, NONSENSE)
}

function withPoison(entries: readonly unknown[]): unknown {
  const text = entries.map((entry) => {
    const [key, value] = Array.isArray(entry) ? entry : []
    return `${JSON.stringify(key)}:${JSON.stringify(value)}`
  })
  return JSON.parse(`{${['"__proto__":{"polluted":true}', ...text].join()}}`)
}
