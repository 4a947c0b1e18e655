import { describe, expect, it } from '@jest/globals'
import { SIGNATURE_HEADER, signWebhook } from '@stoa/platform/webhook-signature'
import { translateWmsNotice } from './inbound.ts'

const secret = 'a secret shared with the warehouse'
const now = Date.UTC(2026, 0, 5, 9)
const notice = {
  kind: 'goods_issue',
  notice_no: 'GI-1',
  seq: 7,
  issued_at: '2026-01-05T09:00:00.000Z',
  order_ref: 'O-BO-1',
  customer_order: 'O-BO',
  carrier: 'Postwagen',
  tracking: 'TR1',
}

function told(body: string, signature: string = signWebhook(body, secret, now)): unknown {
  return translateWmsNotice({ body, headers: { [SIGNATURE_HEADER]: signature } }, { secret, now })
}

describe('a notice of the warehouse', () => {
  it('becomes a fact whose id comes from the notice number', () => {
    expect(told(JSON.stringify(notice))).toMatchObject({
      ok: true,
      value: [{ id: 'wms-GI-1', type: 'WarehouseShipped', at: now, version: 7, data: { shippedAt: now } }],
    })
  })

  it('with fields we do not know is taken without them', () => {
    const answer = JSON.stringify(told(JSON.stringify({ ...notice, pallet: 'P-9' })))
    expect(answer).toContain('WarehouseShipped')
    expect(answer).not.toContain('P-9')
  })

  it.each([
    ['unsigned', ''],
    ['signed with another secret', signWebhook(JSON.stringify(notice), 'another', now)],
    ['signed for another body', signWebhook('{}', secret, now)],
    ['signed six minutes ago', signWebhook(JSON.stringify(notice), secret, now - 360_000)],
    ['signed six minutes from now', signWebhook(JSON.stringify(notice), secret, now + 360_000)],
  ])('%s is refused', (_case, signature) => {
    expect(told(JSON.stringify(notice), signature)).toMatchObject({
      ok: false,
      error: { code: 'BAD_SIGNATURE' },
    })
  })

  it.each([
    ['is not JSON', '{"kind":'],
    ['is of a kind we do not know', JSON.stringify({ ...notice, kind: 'fire' })],
    ['lacks its shipment', JSON.stringify({ ...notice, order_ref: undefined })],
    ['has a time that is none', JSON.stringify({ ...notice, issued_at: 'yesterday' })],
  ])('that %s is refused with what was expected', (_case, body) => {
    expect(told(body)).toMatchObject({
      ok: false,
      error: { code: 'BAD_NOTICE', message: expect.any(String) },
    })
  })
})
