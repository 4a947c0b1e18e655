import { describe, expect, it } from '@jest/globals'
import type { Envelope } from '../../event.ts'
import type { ArchiveQuery, EventBus } from '../../event-bus.ts'
import { type BusContract, listener, openBench, told, toldMany, turns } from './bench.contract.ts'

/** Everything that was ever published: reading it, and telling it again. */
export function archiveContract(contract: BusContract): void {
  describe('the archive', () => {
    it('is read page by page in both directions, without gaps or repeats', async () => {
      await using bench = await openBench(contract)
      const all = toldMany('order-1', 25)
      await bench.bus.publish(all)
      for (const limit of [1, 7, 25, 1000]) {
        expect(await readAll(bench.bus, { limit })).toEqual(all)
        expect(await readAll(bench.bus, { limit, descending: true })).toEqual(all.toReversed())
      }
      expect((await bench.bus.archive({ limit: 25 })).next).toBeUndefined()
      expect((await bench.bus.archive({ limit: 24 })).next).toBeDefined()
    })

    it('is filtered by pattern and by the time of the events', async () => {
      await using bench = await openBench(contract)
      const all = Array.from({ length: 30 }, (_, i) =>
        told('order-1', i + 1, { type: i % 3 ? 'Other' : 'Third', at: i }),
      )
      await bench.bus.publish(all)
      const pattern = { 'detail-type': ['Third'] }
      for (const limit of [1, 3, 100]) {
        expect(await readAll(bench.bus, { limit, pattern })).toEqual(
          all.filter((event) => event.type === 'Third'),
        )
        expect(await readAll(bench.bus, { limit, from: 10, to: 20 })).toEqual(all.slice(10, 20))
        expect(await readAll(bench.bus, { limit, from: 10, to: 20, pattern, descending: true })).toEqual([
          all[18],
          all[15],
          all[12],
        ])
      }
    })

    it('refuses pages that are too big and positions that are none', async () => {
      await using bench = await openBench(contract)
      for (const query of [{ limit: 0 }, { limit: 1001 }, { limit: 1.5 }, { limit: 1, after: 'x' }]) {
        await expect(bench.bus.archive(query)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
      }
    })

    it('is replayed to the consumer that asked and to nobody else', async () => {
      await using bench = await openBench(contract)
      const [ada, bo] = [listener('orders.ada'), listener('orders.bo')]
      await bench.bus.subscribe(ada.consumer)
      await bench.bus.subscribe(bo.consumer)
      await bench.bus.publish([...toldMany('order-1', 300), told('stock-1', 1, { source: 'inventory' })])
      await bench.bus.idle()
      expect(await bench.bus.replay({ consumer: 'orders.ada' })).toBe(300)
      await bench.bus.idle()
      expect(ada.tellings.length).toBe(600)
      expect(bo.tellings.length).toBe(300)
      expect(ada.tellings.slice(300).every((telling) => telling.replay && telling.attempt === 1)).toBe(true)
      expect(ada.handled.slice(300)).toEqual(ada.handled.slice(0, 300))
    })

    it('is replayed in part, by pattern and time, and never what the consumer would not hear live', async () => {
      await using bench = await openBench(contract)
      const ada = listener('orders.ada')
      await bench.bus.subscribe(ada.consumer)
      await bench.bus.publish([
        ...Array.from({ length: 10 }, (_, i) => told('order-1', i + 1, { at: i })),
        told('order-1', 11, { at: 5, meta: { correlationId: 'C-0', imported: true } }),
      ])
      await bench.bus.idle()
      expect(await bench.bus.replay({ consumer: 'orders.ada', from: 4, to: 6 })).toBe(2)
      expect(await bench.bus.replay({ consumer: 'orders.ada', pattern: { detail: { n: [1, 3] } } })).toBe(2)
      expect(await bench.bus.replay({ consumer: 'orders.ada', pattern: { source: ['wms'] } })).toBe(0)
      await bench.bus.idle()
      expect(ada.handled.slice(10).toSorted()).toEqual(['order-1@1', 'order-1@3', 'order-1@5', 'order-1@6'])
      await expect(bench.bus.replay({ consumer: 'nobody' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    })

    it('is replayed beside live events without two of one stream at once', async () => {
      await using bench = await openBench(contract)
      const running = new Map<string, number>()
      let overlaps = 0
      const ada = listener('orders.ada', {}, async ({ stream }) => {
        const now = (running.get(stream) ?? 0) + 1
        if (now > 1) overlaps += 1
        running.set(stream, now)
        await turns(1)
        running.set(stream, now - 1)
      })
      await bench.bus.subscribe(ada.consumer)
      const streams = ['a', 'b', 'c']
      await bench.bus.publish(streams.flatMap((stream) => toldMany(stream, 20)))
      await bench.bus.idle()
      await bench.bus.replay({ consumer: 'orders.ada' })
      for (let n = 21; n <= 30; n++) {
        await bench.bus.publish(streams.map((stream) => told(stream, n)))
        await turns(2)
      }
      await bench.bus.idle()
      expect(overlaps).toBe(0)
      expect(ada.tellings.filter((telling) => telling.replay).length).toBe(60)
      expect(ada.tellings.filter((telling) => !telling.replay).length).toBe(90)
    })
  })
}

/** Follows `next` to the end. */
async function readAll(bus: EventBus, query: ArchiveQuery): Promise<readonly Envelope[]> {
  const events: Envelope[] = []
  let after: string | undefined
  do {
    const page = await bus.archive({ ...query, ...(after === undefined ? {} : { after }) })
    expect(page.events.length).toBeLessThanOrEqual(query.limit)
    events.push(...page.events)
    after = page.next
  } while (after !== undefined)
  return events
}
