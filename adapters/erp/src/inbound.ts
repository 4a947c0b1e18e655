import type { Envelope } from '@stoa/platform/event'
import { ok, type Result } from '@stoa/platform/result'
import {
  badNotice,
  type NoticeCheck,
  type NoticeProblem,
  type RawNotice,
  readSignedNotice,
} from '@stoa/platform/signed-notice'
import { checkEvent } from '@stoa/schema/events'
import { type ErpNotice, erpNotice, toFact } from './translate.ts'

/**
 * A notice of the ERP as facts for the bus: `ErpPriceChanged` or `ErpProductChanged`.
 * The event id comes from the notice number, so a notice that is repeated is the same fact.
 */
export function translateErpNotice(
  notice: RawNotice,
  check: NoticeCheck,
): Result<readonly Envelope[], NoticeProblem> {
  const read = readSignedNotice(notice, check, erpNotice)
  return read.ok ? envelopes(read.value) : read
}

function envelopes(notice: ErpNotice): Result<readonly Envelope[], NoticeProblem> {
  const { stream, type, data } = toFact(notice)
  const checked = checkEvent({ type, data })
  if (!checked.ok) return badNotice(checked.error.map(({ at, message }) => `${at}: ${message}`).join(' '))
  const id = `erp-${notice.notice_no}`
  const at = Date.parse(notice.issued_at)
  return ok([
    {
      id,
      type,
      at,
      data: { ...data },
      stream,
      version: notice.seq,
      source: 'erp',
      meta: { correlationId: id },
    },
  ])
}
