import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import type { SimulatorOptions } from '@stoa/platform/simulator-host'
import { type AuthoriseRequest, createPaymentClient, type PaymentClient } from './main.ts'
import { openPaymentSimulator, type PaymentSimulator } from './simulator.ts'

const { signal } = new AbortController()
const ada: AuthoriseRequest = {
  orderId: 'O-ADA',
  amount: { minor: 4990, currency: 'EUR' },
  paymentToken: 'tok_visa',
  signal,
}

let vendor: PaymentSimulator
let payments: PaymentClient

beforeEach(async () => {
  vendor = await openPaymentSimulator(ports())
  payments = createPaymentClient({ url: vendor.url, log: silentLog })
})

afterEach(async () => {
  await payments[Symbol.asyncDispose]()
  await vendor[Symbol.asyncDispose]()
})

function ports(): SimulatorOptions {
  return { clock: systemClock, random: seededRandom(1), log: silentLog }
}

function states(): readonly string[] {
  return vendor.ledger().map((entry) => entry.state)
}

describe('a card payment', () => {
  it('is authorised and captured once, however often it is asked for', async () => {
    const first = await payments.authorise(ada)
    const second = await payments.authorise(ada)
    expect(second).toEqual(first)
    const paymentId = first.ok ? first.value.paymentId : ''
    await payments.capture({ ...ada, paymentId })
    await payments.capture({ ...ada, paymentId })
    expect(states()).toEqual(['authorised', 'captured'])
  })

  it('is given back once, and cannot be captured afterwards', async () => {
    const paid = await payments.authorise(ada)
    const paymentId = paid.ok ? paid.value.paymentId : ''
    await payments.voidAuthorisation({ orderId: 'O-ADA', paymentId, signal })
    await payments.voidAuthorisation({ orderId: 'O-ADA', paymentId, signal })
    await expect(payments.capture({ ...ada, paymentId })).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' })
    expect(states()).toEqual(['authorised', 'voided'])
  })

  it.each([
    ['tok_declined', 'insufficient_funds'],
    ['tok_expired', 'expired_card'],
    ['tok_fraud', 'suspected_fraud'],
    ['tok_nobody_knows', 'other'],
  ])('with %s is declined as %s', async (paymentToken, reason) => {
    const answer = await payments.authorise({ ...ada, paymentToken })
    expect(answer).toEqual({ ok: false, error: { code: 'DECLINED', reason } })
  })

  it('is refused as a conflict when an order comes back with another amount', async () => {
    await payments.authorise(ada)
    const dearer = { ...ada, amount: { minor: 9990, currency: 'EUR' } }
    await expect(payments.authorise(dearer)).rejects.toMatchObject({
      code: 'UPSTREAM_INVALID',
      retryable: false,
    })
  })
})

describe('a provider in trouble', () => {
  it('that loses its reply after charging has charged once', async () => {
    vendor.behave({ mode: 'losing-replies', next: 1 })
    const paid = await payments.authorise(ada)
    expect(paid.ok).toBe(true)
    expect(states()).toEqual(['authorised'])
  })

  it('that gets every request twice has charged once', async () => {
    vendor.behave({ mode: 'duplicating' })
    const paid = await payments.authorise(ada)
    await payments.capture({ ...ada, paymentId: paid.ok ? paid.value.paymentId : '' })
    expect(states()).toEqual(['authorised', 'captured'])
  })

  it('that is too slow is given up, and asked again has charged once', async () => {
    vendor.behave({ mode: 'slow', ms: 10_000 })
    await using hasty = createPaymentClient({ url: vendor.url, log: silentLog, timeoutMs: 100 })
    await expect(hasty.authorise(ada)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED', retryable: true })
    vendor.behave({ mode: 'normal' })
    expect((await payments.authorise(ada)).ok).toBe(true)
    expect(states()).toEqual(['authorised'])
  })

  it('that fails is a fault to retry, without a word of theirs', async () => {
    vendor.behave({ mode: 'failing', status: 502 })
    const fault = payments.authorise(ada)
    await expect(fault).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true })
    await expect(fault).rejects.not.toThrow(/simulated|127\.0\.0\.1/)
  })

  it('that is dead is asked five times in a row, then left alone until a pause has passed', async () => {
    vendor.behave({ mode: 'dead' })
    for (let i = 0; i < 5; i++)
      await expect(payments.authorise(ada)).rejects.toMatchObject({ retryable: true })
    await expect(payments.authorise(ada)).rejects.toThrow(/not asked again yet/)
    expect(states()).toEqual([])
  })

  it('stops waiting when the caller does', async () => {
    vendor.behave({ mode: 'slow', ms: 10_000 })
    const caller = new AbortController()
    const asked = payments.authorise({ ...ada, signal: caller.signal })
    caller.abort()
    await expect(asked).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  })
})

describe('the admin calls', () => {
  async function post(body: string): Promise<{ status: number; text: string }> {
    const answer = await fetch(`${vendor.url}/admin/behaviour`, { method: 'POST', body })
    return { status: answer.status, text: await answer.text() }
  }

  it('say what was expected of a behaviour', async () => {
    const answer = await post('{"mode": "grumpy"}')
    expect(answer.status).toBe(400)
    expect(answer.text).toMatch(/normal, slow, failing, losing-replies, duplicating, reordering, dead/)
    expect((await post('{')).status).toBe(400)
    expect((await post('{"mode":"slow","ms":-1}')).status).toBe(400)
  })

  it('answer even when the provider is dead, and show its ledger', async () => {
    await payments.authorise(ada)
    expect((await post('{"mode":"dead"}')).status).toBe(200)
    const ledger = await fetch(`${vendor.url}/admin/ledger`)
    expect(await ledger.json()).toMatchObject({ entries: [{ state: 'authorised', reference: 'O-ADA' }] })
  })
})

describe('a provider with a journal', () => {
  it('remembers after a restart what it charged', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'payment-'))
    const file = join(folder, 'ledger.jsonl')
    const first = await authoriseAt(file)
    expect(await authoriseAt(file)).toEqual(first)
    rmSync(folder, { recursive: true })
  })

  async function authoriseAt(file: string): Promise<unknown> {
    await using reopened = await openPaymentSimulator({ ...ports(), file })
    await using client = createPaymentClient({ url: reopened.url, log: silentLog })
    const answer = await client.authorise(ada)
    expect(reopened.ledger()).toHaveLength(1)
    return answer
  }
})
