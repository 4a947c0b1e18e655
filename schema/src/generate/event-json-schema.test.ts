import { describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { readEventRegistry } from '../event-registry.ts'
import { checkEvent } from '../events.ts'
import { eventJsonSchema } from './event-json-schema.ts'

const registry = readEventRegistry()
const validate = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false }).compile(
  eventJsonSchema(registry),
)

function envelope(type: string, data: object): object {
  const meta = { correlationId: 'c-1' }
  return {
    id: 'e-1',
    type,
    at: 1_767_600_000_000,
    source: 'orders',
    stream: 'order-O-1',
    version: 1,
    data,
    meta,
  }
}

const declined = { orderId: 'O-1', reason: 'expired_card' }
const cases: readonly [what: string, type: string, data: object, valid: boolean][] = [
  ['a declared event', 'PaymentDeclined', declined, true],
  ['a field that is missing', 'PaymentDeclined', { orderId: 'O-1' }, false],
  ['a field of another type', 'PaymentDeclined', { ...declined, reason: 7 }, false],
  ['an enum value', 'OrderCancelled', { orderId: 'O-1', reason: 'NO_STOCK' }, true],
  ['an enum value nobody declared', 'OrderCancelled', { orderId: 'O-1', reason: 'RAIN' }, false],
  [
    'money in minor units',
    'PaymentVoided',
    { orderId: 'O-1', paymentId: 'P', amount: { minor: 5, currency: 'EUR' } },
    true,
  ],
  [
    'money in fractions',
    'PaymentVoided',
    { orderId: 'O-1', paymentId: 'P', amount: { minor: 0.5, currency: 'EUR' } },
    false,
  ],
]

describe('eventJsonSchema', () => {
  it.each(cases)('says the same as the SDL about %s', (_, type, data, valid) => {
    expect(validate(envelope(type, data))).toBe(valid)
    expect(checkEvent({ type, data }).ok).toBe(valid)
  })

  it('lets further fields pass, as consumers do', () => {
    expect(validate(envelope('PaymentDeclined', { ...declined, retryAfter: 5 }))).toBe(true)
  })

  it('refuses an event that nobody declared', () => {
    expect(validate(envelope('OrderEaten', {}))).toBe(false)
  })

  it('wants the envelope whole', () => {
    expect(validate({ type: 'PaymentDeclined', data: declined })).toBe(false)
  })
})
