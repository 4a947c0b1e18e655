import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import { createNotificationClient, type NotificationClient, type SendRequest } from './main.ts'
import { type NotificationSimulator, openNotificationSimulator } from './simulator.ts'

const ada: SendRequest = {
  messageKey: 'event-1',
  to: 'ada@example.test',
  language: 'it',
  kind: 'ORDER_CONFIRMATION',
  facts: { orderNumber: '1001', total: { minor: 4990, currency: 'EUR' } },
  signal: new AbortController().signal,
}

let vendor: NotificationSimulator
let messages: NotificationClient

beforeEach(async () => {
  vendor = await openNotificationSimulator({ clock: systemClock, random: seededRandom(1), log: silentLog })
  messages = createNotificationClient({ url: vendor.url, log: silentLog })
})

afterEach(async () => {
  await messages[Symbol.asyncDispose]()
  await vendor[Symbol.asyncDispose]()
})

describe('a message', () => {
  it('is sent once per key, in the template of its kind', async () => {
    const first = await messages.send(ada)
    expect(await messages.send(ada)).toEqual(first)
    expect(vendor.ledger()).toMatchObject([
      { template: 'order-confirmation', locale: 'it', recipient: { address: 'ada@example.test' } },
    ])
  })

  it('with another key is another message', async () => {
    await messages.send(ada)
    await messages.send({ ...ada, messageKey: 'event-2', kind: 'SHIPPED' })
    expect(vendor.ledger().map((entry) => entry.template)).toEqual([
      'order-confirmation',
      'parcel-on-its-way',
    ])
  })
})

describe('a message service in trouble', () => {
  it.each([
    ['losing-replies', { mode: 'losing-replies', next: 1 }],
    ['duplicating', { mode: 'duplicating' }],
  ] as const)('that is %s has sent once', async (_name, behaviour) => {
    vendor.behave(behaviour)
    await messages.send(ada)
    expect(vendor.ledger()).toHaveLength(1)
  })

  it('that is slow, failing or dead is a fault to retry', async () => {
    await using hasty = createNotificationClient({ url: vendor.url, log: silentLog, timeoutMs: 100 })
    vendor.behave({ mode: 'slow', ms: 10_000 })
    await expect(hasty.send(ada)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED', retryable: true })
    vendor.behave({ mode: 'failing' })
    await expect(messages.send(ada)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true })
    vendor.behave({ mode: 'dead' })
    await expect(messages.send(ada)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true })
  })
})
