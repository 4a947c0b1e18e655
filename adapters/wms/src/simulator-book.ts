import type { Journal } from '@stoa/platform/simulator-journal'
import type { PickEntry, WmsEntry } from './simulator-ledger.ts'
import type { WmsNotice } from './translate.ts'

export type PickState = 'open' | 'cancelled' | 'goods_issued'

/** What follows from the journal: the state of every pick, and which notices nobody has acknowledged. */
export interface Book {
  record(entry: WmsEntry): void
  /** Records the acknowledgement of a notice, the first one only. */
  heard(noticeNo: string, at: number): void
  stateOf(orderRef: string): PickState | undefined
  nextSeq(): number
  openPicks(): readonly PickEntry[]
  unheard(): readonly WmsNotice[]
}

export function openBook(journal: Journal<WmsEntry>): Book {
  const states = new Map<string, PickState>()
  const unheard = new Map<string, WmsNotice>()
  let seq = 0

  function apply(entry: WmsEntry): void {
    switch (entry.event) {
      case 'pick_ordered':
        return void states.set(entry.order_ref, 'open')
      case 'pick_cancelled':
        return void states.set(entry.order_ref, 'cancelled')
      case 'acknowledged':
        return void unheard.delete(entry.notice_no)
      case 'goods_issued':
      case 'counted':
        seq = entry.notice.seq
        unheard.set(entry.notice.notice_no, entry.notice)
        if (entry.notice.kind === 'goods_issue') states.set(entry.notice.order_ref, 'goods_issued')
    }
  }

  function record(entry: WmsEntry): void {
    journal.append(entry)
    apply(entry)
  }

  for (const entry of journal.entries) apply(entry)

  return {
    record,
    heard(noticeNo, at) {
      if (unheard.has(noticeNo)) record({ event: 'acknowledged', notice_no: noticeNo, at })
    },
    stateOf: (orderRef) => states.get(orderRef),
    nextSeq: () => seq + 1,
    openPicks: () =>
      journal.entries
        .filter((entry) => entry.event === 'pick_ordered')
        .filter((entry) => states.get(entry.order_ref) === 'open'),
    unheard: () => [...unheard.values()],
  }
}
