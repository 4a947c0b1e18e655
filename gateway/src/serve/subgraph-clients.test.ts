import { describe, expect, it } from '@jest/globals'
import { composed } from '../../test/fixture.ts'
import { shop } from '../../test/small-shop.ts'
import { type ClientPool, createClientPool } from './subgraph-clients.ts'

const named = (name: string): string => `http://127.0.0.1/${name}`
const urls = new Map(['catalog', 'reviews', 'extra'].map((name) => [name, named(name)]))
const both = composed(shop)
const three = composed({ ...shop, extra: { sdl: 'type Query { x: Int }' } })

interface Watched {
  readonly pool: ClientPool
  /** `+catalog` when one was opened, `-catalog` when it was closed. */
  readonly log: string[]
}

function watched(given: ReadonlyMap<string, string> = urls): Watched {
  const log: string[] = []
  const pool = createClientPool(given, ({ name, url }) => {
    log.push(`+${name} ${url}`)
    return {
      execute: async () => ({ data: null }),
      [Symbol.asyncDispose]: async () => void log.push(`-${name} ${url}`),
    }
  })
  return { pool, log }
}

describe('supergraphs that follow one another', () => {
  it('share the clients they have in common; one is closed when nobody needs it any more', async () => {
    const { pool, log } = watched()
    const first = pool.lease(three)
    const second = pool.lease(both)
    expect(second.clients.get('catalog')).toBe(first.clients.get('catalog'))
    expect(log.map((line) => line.split(' ')[0])).toEqual(['+catalog', '+extra', '+reviews'])
    log.length = 0
    await first[Symbol.asyncDispose]()
    expect(log).toEqual([`-extra ${named('extra')}`])
    await second[Symbol.asyncDispose]()
    expect(log).toHaveLength(3)
  })

  it('have clients of their own for a subgraph that moved', async () => {
    const { pool, log } = watched(new Map())
    const at = (url: string): string => both.replaceAll(/(@join__graph\(.*url: )""/g, `$1"${url}"`)
    const first = pool.lease(at('http://127.0.0.1:1'))
    const second = pool.lease(at('http://127.0.0.1:2'))
    expect(second.clients.get('catalog')).not.toBe(first.clients.get('catalog'))
    expect(log).toHaveLength(4)
  })
})
