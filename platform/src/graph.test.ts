import { describe, expect, it } from '@jest/globals'
import { Fault } from './fault.ts'
import { connectionOf, encodeCursor, readPage } from './graph.ts'

const skus = ['CAP-1', 'TEE-1', 'TEE-2']

describe('readPage', () => {
  it('takes 20 when nothing is asked for, and 1 to 100', () => {
    expect(readPage({})).toEqual({ first: 20, after: undefined })
    expect(readPage({ first: 100 }).first).toBe(100)
    for (const first of [0, -1, 101, 1.5]) expect(() => readPage({ first })).toThrow(Fault)
  })

  it('reads back the key that a cursor was made from', () => {
    expect(readPage({ after: encodeCursor(['Tëe', 1950, 'P-1']) }).after).toEqual(['Tëe', 1950, 'P-1'])
  })

  it('refuses a cursor that is not ours', () => {
    const foreign = ['zzz', encodeCursor([]), Buffer.from('{"a":1}').toString('base64url'), 'A'.repeat(2_000)]
    for (const after of foreign) expect(() => readPage({ after })).toThrow('Expected "after" to be')
  })
})

describe('connectionOf', () => {
  it('cuts the item too many and says that there is a next page', () => {
    const page = readPage({ first: 2 })
    const connection = connectionOf({ page, items: skus, keyOf: (sku) => [sku] })
    expect(connection.nodes).toEqual(['CAP-1', 'TEE-1'])
    expect(connection.pageInfo.hasNextPage).toBe(true)
    expect(connection.pageInfo.endCursor).toBe(encodeCursor(['TEE-1']))
    expect(connection.totalCount).toBeNull()
  })

  it('ends with the last page', () => {
    const page = readPage({ first: 2, after: encodeCursor(['TEE-1']) })
    const connection = connectionOf({ page, items: ['TEE-2'], keyOf: (sku) => [sku], totalCount: 3 })
    expect(connection.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
    expect(connection.edges).toEqual([{ cursor: encodeCursor(['TEE-2']), node: 'TEE-2' }])
    expect(connection.totalCount).toBe(3)
  })
})
