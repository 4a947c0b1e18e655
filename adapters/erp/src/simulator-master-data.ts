import type { Clock } from '@stoa/platform/clock'
import { Fault } from '@stoa/platform/fault'
import type { Random } from '@stoa/platform/random'
import type { Journal } from '@stoa/platform/simulator-journal'
import type { Notifier } from '@stoa/platform/simulator-notifier'
import { z } from 'zod'
import type { ErpEntry } from './simulator-ledger.ts'
import { type ErpNotice, erpNotice } from './translate.ts'

/** Prices and materials as the ERP has them; every change is told to the shop until it acknowledges. */
export interface MasterData {
  /** A `PriceChange`, checked here: throws BAD_REQUEST when it makes no sense. */
  changePrice(change: unknown): ErpNotice
  /** A `MaterialChange`, checked here likewise. */
  changeMaterial(change: unknown): ErpNotice
}

export interface PriceChange {
  readonly material: string
  readonly price_list: string
  readonly gross: string
  readonly currency: 'EUR' | 'GBP' | 'CHF'
}

export interface MaterialChange {
  readonly product_group: string
  readonly short_text?: string
  readonly long_text?: string
}

export interface MasterDataParts {
  readonly journal: Journal<ErpEntry>
  readonly clock: Clock
  readonly random: Random
  readonly notifier: Notifier
}

export function createMasterData(parts: MasterDataParts): MasterData {
  const { journal, clock, random, notifier } = parts
  const unheard = unheardOf(journal.entries)
  let seq = lastSeq(journal.entries)

  function send(notice: ErpNotice): void {
    const acknowledged = (): void => {
      if (!unheard.delete(notice.notice_no)) return
      journal.append({ event: 'acknowledged', notice_no: notice.notice_no, at: clock.now() })
    }
    notifier.send({ id: notice.notice_no, body: { ...notice }, acknowledged })
  }

  function tell(kind: ErpNotice['kind'], change: unknown): ErpNotice {
    const head = { notice_no: random.uuid(), seq: seq + 1, issued_at: new Date(clock.now()).toISOString() }
    const notice = readNotice({ ...(isObject(change) ? change : {}), ...head, kind })
    seq = notice.seq
    const event = kind === 'price_condition' ? 'price_changed' : 'material_changed'
    journal.append({ event, notice, at: clock.now() })
    unheard.set(notice.notice_no, notice)
    send(notice)
    return notice
  }

  for (const notice of unheard.values()) send(notice)

  return {
    changePrice: (change) => tell('price_condition', change),
    changeMaterial: (change) => tell('material_master', change),
  }
}

function readNotice(candidate: object): ErpNotice {
  const parsed = erpNotice.safeParse(candidate)
  if (parsed.success) return parsed.data
  const price = '{"material": "TEE-1", "price_list": "IT", "gross": "49.90", "currency": "EUR"}'
  const material = '{"product_group": "P-0001", "short_text": "Linen shirt"}'
  const problem = z.prettifyError(parsed.error)
  throw new Fault(
    'BAD_REQUEST',
    `Expected a price such as ${price} or a material such as ${material}. ${problem}`,
  )
}

function unheardOf(entries: readonly ErpEntry[]): Map<string, ErpNotice> {
  const unheard = new Map<string, ErpNotice>()
  for (const entry of entries) {
    if ('notice' in entry) unheard.set(entry.notice.notice_no, entry.notice)
    if (entry.event === 'acknowledged') unheard.delete(entry.notice_no)
  }
  return unheard
}

function lastSeq(entries: readonly ErpEntry[]): number {
  return entries.reduce((last, entry) => ('notice' in entry ? entry.notice.seq : last), 0)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
