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
import { toFact, type WmsNotice, wmsNotice } from './translate.ts'

/**
 * A notice of the warehouse as facts for the bus: `WarehouseShipped` or `StockCounted`.
 * The event id comes from the notice number, so a notice that is repeated is the same fact.
 */
export function translateWmsNotice(
  notice: RawNotice,
  check: NoticeCheck,
): Result<readonly Envelope[], NoticeProblem> {
  const read = readSignedNotice(notice, check, wmsNotice)
  return read.ok ? envelopes(read.value) : read
}

function envelopes(notice: WmsNotice): Result<readonly Envelope[], NoticeProblem> {
  const { stream, type, data } = toFact(notice)
  const checked = checkEvent({ type, data })
  if (!checked.ok) return badNotice(checked.error.map(({ at, message }) => `${at}: ${message}`).join(' '))
  const id = `wms-${notice.notice_no}`
  const at = Date.parse(notice.issued_at)
  return ok([{ id, type, at, data, stream, version: notice.seq, source: 'wms', meta: { correlationId: id } }])
}
