import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { globalId, keyOf, parseOrderId, parseSku } from './id.ts'
import { ok } from './result.ts'

const keys = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)

describe('a business key', () => {
  it.each([['TEE-0001-M'], ['a'], ['0.9_x-Y'], ['x'.repeat(64)]])('may be %j', (text) => {
    expect(parseSku(text)).toEqual(ok(text))
  })

  it.each([
    [''],
    ['-x'],
    ['a b'],
    ['a/b'],
    ['ä'],
    ['x'.repeat(65)],
    ['TEE\n'],
    [7],
    [null],
    [undefined],
    [{}],
  ])('cannot be %j', (text) => {
    expect(parseSku(text)).toMatchObject({ ok: false, error: { code: 'BAD_ID' } })
  })

  it('says what was expected and what came, shortened', () => {
    const refused = parseOrderId('?'.repeat(500))
    const message = refused.ok ? '' : refused.error.message
    expect(message).toMatch(/^Expected an order id such as "O-01J8…", got "\?+…\.$/)
    expect(message.length).toBeLessThan(150)
  })
})

describe('a global id', () => {
  it('says which subgraph and type it is of, and gives its key back', () => {
    expect(globalId('catalog', 'Product', 'P-0001')).toBe('gid://catalog/Product/P-0001')
    fc.assert(
      fc.property(keys, (key) => {
        expect(keyOf('catalog', 'Product', globalId('catalog', 'Product', key))).toEqual(ok(key))
        expect(keyOf('catalog', 'Product', key)).toEqual(ok(key))
      }),
    )
  })

  it('of another type or subgraph is refused', () => {
    for (const id of ['gid://catalog/Category/P-1', 'gid://orders/Product/P-1', 'gid://']) {
      expect(keyOf('catalog', 'Product', id)).toMatchObject({ ok: false, error: { code: 'BAD_ID' } })
    }
  })
})
