import type { Clock, Timer } from '@stoa/platform/clock'
import type { Random } from '@stoa/platform/random'
import type { BehaviourSwitch } from '@stoa/platform/simulator-behaviour'
import type { Journal } from '@stoa/platform/simulator-journal'
import type { Notifier } from '@stoa/platform/simulator-notifier'
import type { VendorReply } from '@stoa/platform/simulator-wire'
import { openBook } from './simulator-book.ts'
import { type PickEntry, pickOrder, type WmsEntry } from './simulator-ledger.ts'
import type { GoodsIssueNotice, StockCountNotice, WmsNotice } from './translate.ts'

export interface Warehouse {
  pick(body: unknown): VendorReply
  cancel(orderRef: string): VendorReply
  count(shelf: CountedShelf): StockCountNotice
  stop(): void
}

export interface CountedShelf {
  readonly article: string
  readonly warehouse: string
  readonly counted: number
}

export interface WarehouseParts {
  readonly journal: Journal<WmsEntry>
  readonly clock: Clock
  readonly random: Random
  readonly packingMs: number
  readonly behaviour: Pick<BehaviourSwitch, 'whenAlive'>
  readonly notifier: Notifier
}

/** Picks, packs and issues goods; after a restart it goes on with what its journal says is open. */
export function createWarehouse(parts: WarehouseParts): Warehouse {
  const { clock, random } = parts
  const book = openBook(parts.journal)
  const packing = new Set<Timer>()

  function send(notice: WmsNotice): void {
    const acknowledged = (): void => book.heard(notice.notice_no, clock.now())
    parts.notifier.send({ id: notice.notice_no, body: { ...notice }, acknowledged })
  }

  function tell(notice: WmsNotice): void {
    const event = notice.kind === 'goods_issue' ? 'goods_issued' : 'counted'
    book.record({ event, notice, at: clock.now() })
    send(notice)
  }

  function noticeHead(): NoticeHead {
    return { notice_no: random.uuid(), seq: book.nextSeq(), issued_at: new Date(clock.now()).toISOString() }
  }

  function pack(pick: PickEntry): void {
    const timer = clock.schedule(clock.now() + parts.packingMs, () => {
      packing.delete(timer)
      parts.behaviour.whenAlive(() => {
        if (book.stateOf(pick.order_ref) === 'open') tell(goodsIssue(pick, noticeHead()))
      })
    })
    packing.add(timer)
  }

  for (const pick of book.openPicks()) pack(pick)
  for (const notice of book.unheard()) send(notice)

  return {
    pick(body) {
      const asked = pickOrder.safeParse(body)
      if (!asked.success) return refuse(422, 'invalid_pick_order')
      const pickNo = `PO-${asked.data.order_ref}`
      const known = book.stateOf(asked.data.order_ref)
      if (known) return { status: 200, body: { pick_no: pickNo, status: known } }
      const entry: PickEntry = { event: 'pick_ordered', ...asked.data, at: clock.now() }
      book.record(entry)
      pack(entry)
      return { status: 202, body: { pick_no: pickNo, status: 'open' } }
    },
    cancel(orderRef) {
      const state = book.stateOf(orderRef)
      if (state === 'goods_issued') return { status: 409, body: { status: state } }
      if (state !== 'cancelled')
        book.record({ event: 'pick_cancelled', order_ref: orderRef, at: clock.now() })
      return { status: 200, body: { status: 'cancelled' } }
    },
    count(shelf) {
      const notice: StockCountNotice = { kind: 'stock_count', ...noticeHead(), ...shelf }
      tell(notice)
      return notice
    },
    stop() {
      for (const timer of packing) timer.cancel()
    },
  }
}

type NoticeHead = Pick<WmsNotice, 'notice_no' | 'seq' | 'issued_at'>

const CARRIERS: readonly string[] = ['Corriere Alpino', 'Postwagen', 'Channel Express']

function goodsIssue(pick: PickEntry, head: NoticeHead): GoodsIssueNotice {
  return {
    kind: 'goods_issue',
    ...head,
    order_ref: pick.order_ref,
    customer_order: pick.customer_order,
    carrier: CARRIERS[head.seq % CARRIERS.length] ?? 'Postwagen',
    tracking: `TR${head.notice_no.replaceAll('-', '').slice(-14).toUpperCase()}`,
  }
}

export function refuse(status: number, code: string): VendorReply {
  return { status, body: { error: { code } } }
}
