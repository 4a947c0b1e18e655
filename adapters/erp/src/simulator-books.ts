import type { Clock } from '@stoa/platform/clock'
import type { Journal } from '@stoa/platform/simulator-journal'
import type { VendorReply } from '@stoa/platform/simulator-wire'
import { type ErpEntry, type PostingEntry, type SalesDocument, salesDocument } from './simulator-ledger.ts'

/** The books: one posting per document reference, and only documents that add up. */
export interface Books {
  post(body: unknown): VendorReply
}

export function createBooks(journal: Journal<ErpEntry>, clock: Clock): Books {
  const postings = new Map<string, PostingEntry>()
  for (const entry of journal.entries) {
    if (entry.event === 'posted') postings.set(entry.document.document_reference, entry)
  }
  return {
    post(body) {
      const asked = salesDocument.safeParse(body)
      if (!asked.success) return refuse(422, 'invalid_document')
      const document = asked.data
      const before = postings.get(document.document_reference)
      if (before) return repeated(before, document)
      if (!addsUp(document)) return refuse(422, 'document_not_balanced')
      const number = `BL-${String(postings.size + 1).padStart(7, '0')}`
      const entry: PostingEntry = { event: 'posted', posting_number: number, document, at: clock.now() }
      journal.append(entry)
      postings.set(document.document_reference, entry)
      return { status: 201, body: { posting_number: number } }
    },
  }
}

function repeated(before: PostingEntry, document: SalesDocument): VendorReply {
  if (before.document.gross !== document.gross) return refuse(409, 'reference_used_for_other_document')
  return { status: 200, body: { posting_number: before.posting_number } }
}

/** In cents, so that no float decides about money. */
function addsUp(document: SalesDocument): boolean {
  const items = document.items.reduce((sum, item) => sum + cents(item.amount), 0)
  return items + cents(document.freight) === cents(document.gross)
}

function cents(decimal: string): number {
  return Number(decimal.replace('.', ''))
}

export function refuse(status: number, code: string): VendorReply {
  return { status, body: { error: { code } } }
}
