import { describe, expect, it } from '@jest/globals'
import { checkEvent, eventTypes, parseEvent } from './events.ts'

const money = (minor: number) => ({ minor, currency: 'EUR' })

function orderCreated(changes: object = {}): { type: string; data: object } {
  const line = {
    lineId: '1',
    sku: 'TEE-1',
    productId: 'P-1',
    name: 'Tee',
    quantity: 2,
    unitPrice: money(950),
  }
  const address = { name: 'Ada', line1: 'Via Po 1', postalCode: '10123', city: 'Torino', country: 'IT' }
  const data = {
    orderId: 'O-1',
    orderNumber: 'S-1001',
    email: 'ada@example.com',
    language: 'it',
    market: 'IT',
    lines: [{ ...line, total: money(1900) }],
    subtotal: money(1900),
    shipping: money(0),
    tax: money(343),
    total: money(1900),
    delivery: { method: 'DELIVERY', address },
    paymentToken: 'tok_ada',
    ...changes,
  }
  return { type: 'OrderCreated', data }
}

describe('parseEvent', () => {
  it('gives a declared event back as it came', () => {
    const event = orderCreated()
    expect(parseEvent(event)).toEqual({ ok: true, value: event })
  })

  it('leaves out fields and nulls that a newer producer added, at any depth', () => {
    const newer = orderCreated({ giftWrap: true, customerId: null, total: { ...money(1900), exponent: 2 } })
    expect(parseEvent(newer)).toEqual({ ok: true, value: orderCreated() })
  })

  it('names the exact place of every problem', () => {
    const broken = orderCreated({ total: { minor: 1.5, currency: 'XAU' }, lines: [{ quantity: 1.5 }] })
    const result = parseEvent(broken)
    const places = result.ok ? [] : result.error.map((problem) => problem.at)
    expect(places).toContain('OrderCreated.lines[0].quantity')
    expect(places).toContain('OrderCreated.total.minor')
    expect(places).toContain('OrderCreated.total.currency')
  })

  it('says which field is missing', () => {
    const result = parseEvent({ type: 'OrderPosted', data: { orderId: 'O-1' } })
    expect(result).toEqual({
      ok: false,
      error: [
        { at: 'OrderPosted', message: 'Field "postingId" of required type "String!" was not provided.' },
      ],
    })
  })

  it('refuses a null in a list and data that is no object', () => {
    expect(parseEvent(orderCreated({ lines: [null] })).ok).toBe(false)
    for (const data of [null, 'text', 7, []])
      expect(parseEvent({ type: 'OrderCreated', data }).ok).toBe(false)
  })

  it('refuses an event that nobody declared', () => {
    expect(parseEvent({ type: 'OrderEaten', data: {} })).toEqual({
      ok: false,
      error: [
        {
          at: 'type',
          message: 'Expected the name of an event from schema/events.graphql, got "OrderEaten".',
        },
      ],
    })
  })

  it('takes whole numbers up to 2^53 as money, and nothing beyond', () => {
    expect(parseEvent(orderCreated({ total: money(2 ** 53 - 1) })).ok).toBe(true)
    expect(parseEvent(orderCreated({ total: money(2 ** 53) })).ok).toBe(false)
  })
})

describe('checkEvent', () => {
  it('refuses a field that is not declared', () => {
    expect(checkEvent(orderCreated()).ok).toBe(true)
    const result = checkEvent(orderCreated({ giftWrap: true }))
    expect(result).toEqual({
      ok: false,
      error: [{ at: 'OrderCreated', message: 'Field "giftWrap" is not defined by type "OrderCreated".' }],
    })
  })
})

describe('eventTypes', () => {
  it('names every event once, in the past tense of the registry', () => {
    expect(eventTypes()).toContain('OrderFulfilled')
    expect(new Set(eventTypes()).size).toBe(eventTypes().length)
  })
})
