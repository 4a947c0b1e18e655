import { describe, expect, it } from '@jest/globals'
import { given, stories } from './ada-order.fixture.ts'

const post = { type: 'recordPosted', postingId: 'ERP-7' } as const
const posted = { type: 'OrderPosted', data: { orderId: 'O-1', postingId: 'ERP-7' } } as const

describe('recordPosted', () => {
  it.each(['fulfilled', 'captured'] as const)('books the order when %s, once', (story) => {
    expect(given(...stories[story]).when(post)).toEqual({ ok: true, value: [posted] })
    expect(given(...stories[story], posted).when(post)).toEqual({ ok: true, value: [] })
  })

  it.each([
    ['created', 'TOO_EARLY'],
    ['processed', 'TOO_EARLY'],
    ['prepared', 'TOO_EARLY'],
    ['partlyShipped', 'TOO_EARLY'],
    ['cancelAsked', 'TOO_EARLY'],
    ['cancelled', 'POSTED_AFTER_CANCELLED'],
  ] as const)('is refused when %s: %s', (story, code) => {
    expect(given(...stories[story]).when(post)).toMatchObject({ ok: false, error: { code } })
  })
})
