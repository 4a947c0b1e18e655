import { describe, expect, it } from '@jest/globals'
import type { NewEvent } from '../../event.ts'
import type { Transaction } from '../../event-store.ts'
import type { RowWrite } from '../../table-store.ts'
import { eventBytes, MAX_ITEM_BYTES, MAX_TRANSACTION_BYTES, rowBytes } from '../item-size.ts'
import { newEvent, type OpenBench, row } from './parts.contract.ts'

/** Items of at most 400 KB and transactions of at most 4 MB, whatever the engine could do. */
export function sizesContract(open: OpenBench): void {
  describe('sizes', () => {
    it.each([['x'], ['é'], ['鍵'], ['🔑'], ['"']])(
      'takes a row of 400 KB filled with %s, and no more',
      async (fill) => {
        await using bench = await open()
        const [most, over] = [rowOf(MAX_ITEM_BYTES, fill), rowOf(MAX_ITEM_BYTES + 1, fill)]
        expect((await bench.store.commit({ rows: [most] })).ok).toBe(true)
        expect((await bench.store.get(most))?.value).toEqual(most.value)
        await expect(bench.store.commit({ rows: [over] })).rejects.toMatchObject({
          code: 'BAD_REQUEST',
          message: `Expected at most 409600 bytes for the row goods/shelf/big, got 409601. ${ITEM_ADVICE}`,
        })
      },
    )

    it('takes an event of 400 KB, and no more', async () => {
      await using bench = await open()
      const most = eventOf(MAX_ITEM_BYTES)
      expect((await bench.store.commit(appending(most))).ok).toBe(true)
      expect((await bench.store.load('s'))[0]).toMatchObject(most)
      const over = eventOf(MAX_ITEM_BYTES + 1)
      await expect(bench.store.commit(appending(over))).rejects.toMatchObject({
        code: 'BAD_REQUEST',
        message: `Expected at most 409600 bytes for the event ${over.id} (StockCounted) of s, got 409601. ${ITEM_ADVICE}`,
      })
    })

    it('counts keys and types as well as content', async () => {
      await using bench = await open()
      const [event, key] = [eventOf(MAX_ITEM_BYTES), rowOf(MAX_ITEM_BYTES)]
      for (const transaction of [
        appending({ ...event, type: `${event.type}!` }),
        { rows: [{ ...key, partition: `${key.partition}!` }] },
      ])
        await expect(bench.store.commit(transaction)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    })

    it('takes 4 MB in one transaction, and no more', async () => {
      await using bench = await open()
      expect((await bench.store.commit({ rows: rowsOf(MAX_TRANSACTION_BYTES) })).ok).toBe(true)
      await expect(bench.store.commit({ rows: rowsOf(MAX_TRANSACTION_BYTES + 1) })).rejects.toMatchObject({
        code: 'BAD_REQUEST',
        message: expect.stringMatching(
          /^Expected at most 4194304 bytes in one transaction, got 4194305 in 11 items, .*goods\/shelf\/r0 with 400000\. Split it/,
        ),
      })
      expect((await bench.store.get(row('r10')))?.version).toBe(1)
    })

    it('takes 4 MB in 100 events and rows', async () => {
      await using bench = await open()
      const size = Math.floor(MAX_TRANSACTION_BYTES / 100) - REQUEST_BYTES
      const rows = Array.from({ length: 99 }, (_, i) => sized(row(`r${i}`), size))
      const appends = [{ stream: 's', expectedVersion: 0, events: [eventOf(size)] }]
      expect(await bench.store.commit({ appends, rows })).toMatchObject({ ok: true })
    })

    it('replaces and deletes many large rows at once', async () => {
      await using bench = await open()
      const rows = rowsOf(MAX_TRANSACTION_BYTES)
      expect((await bench.store.commit({ rows })).ok).toBe(true)
      const others = Array.from({ length: 10 }, (_, i) => sized(row(`o${i}`), 400_000))
      expect((await bench.store.commit({ rows: others })).ok).toBe(true)
      const keys = [...rows, ...others].map(({ table, partition, sort }) => ({ table, partition, sort }))
      expect((await bench.store.commit({ rows: keys })).ok).toBe(true)
      expect(await bench.store.query({ table: 'goods', partition: 'shelf', limit: 1 })).toEqual({ rows: [] })
    })
  })
}

/** What each item adds to a transaction besides itself. */
const REQUEST_BYTES = 300
const ITEM_ADVICE = 'Store large content elsewhere and keep here where it is, or split it.'

function rowsOf(total: number): readonly RowWrite[] {
  const each = 400_000
  const rows = Array.from({ length: 10 }, (_, i) => sized(row(`r${i}`), each))
  return [...rows, sized(row('r10'), total - 10 * each - 11 * REQUEST_BYTES)]
}

function rowOf(size: number, fill = 'x'): RowWrite {
  return sized(row('big'), size, fill)
}

function sized(empty: RowWrite, size: number, fill = 'x'): RowWrite {
  const left = size - rowBytes({ ...empty, value: JSON.stringify({ text: '' }) })
  return { ...empty, value: { text: filled(left, fill) } }
}

function eventOf(size: number): NewEvent {
  const event = newEvent({ text: '' })
  const { id, type, data, meta } = event
  const left = size - eventBytes('s', { id, type, data: JSON.stringify(data), meta: JSON.stringify(meta) })
  return { ...event, data: { text: filled(left, 'x') } }
}

/** A text that takes so many bytes in JSON. */
function filled(bytes: number, fill: string): string {
  const each = Buffer.byteLength(JSON.stringify(fill)) - 2
  return fill.repeat(Math.floor(bytes / each)) + 'x'.repeat(bytes % each)
}

function appending(event: NewEvent): Transaction {
  return { appends: [{ stream: 's', expectedVersion: 0, events: [event] }] }
}
