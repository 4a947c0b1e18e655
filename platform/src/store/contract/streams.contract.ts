import { describe, expect, it } from '@jest/globals'
import { append, appendTo, newEvent, type OpenBench, row } from './parts.contract.ts'

export function streamsContract(open: OpenBench): void {
  describe('streams', () => {
    it('gives back what was appended, with stream and version', async () => {
      await using bench = await open()
      const events = [newEvent({ sku: 'TEE-1', deep: { list: [1, null, 'ü😀'], on: true } }), newEvent()]
      const committed = await bench.store.commit({
        appends: [{ stream: 'stock-TEE-1', expectedVersion: 0, events }],
      })
      expect(committed).toEqual({ ok: true, value: { versions: [2] } })
      const loaded = await bench.store.load('stock-TEE-1')
      expect(loaded).toEqual(events.map((event, i) => ({ ...event, stream: 'stock-TEE-1', version: i + 1 })))
    })

    it('keeps all of the meta', async () => {
      await using bench = await open()
      const meta = { correlationId: 'C', causationId: 'D', traceparent: '00-a-b-01', imported: true as const }
      await append(bench.store, { stream: 's', expectedVersion: 0, events: [{ ...newEvent(), meta }] })
      expect((await bench.store.load('s'))[0]?.meta).toEqual(meta)
    })

    it('has nothing in a stream nobody wrote to', async () => {
      await using bench = await open()
      expect(await bench.store.load('order-O-0')).toEqual([])
    })

    it('loads only what comes after a version, up to a limit', async () => {
      await using bench = await open()
      await append(bench.store, appendTo('s', 0, 9), appendTo('t', 0, 3))
      const versions = async (after: number, limit: number): Promise<readonly number[]> =>
        (await bench.store.load('s', { after, limit })).map((event) => event.version)
      expect(await versions(0, 3)).toEqual([1, 2, 3])
      expect(await versions(3, 4)).toEqual([4, 5, 6, 7])
      expect(await versions(7, 1000)).toEqual([8, 9])
      expect(await versions(9, 1)).toEqual([])
      expect(await versions(99, 1)).toEqual([])
    })

    it.each([[1], [3], [7]])('refuses version %i of a stream that is at 2', async (expectedVersion) => {
      await using bench = await open()
      await append(bench.store, appendTo('s', 0, 2))
      const committed = await bench.store.commit({ appends: [appendTo('s', expectedVersion)] })
      expect(committed).toEqual({ ok: false, error: { code: 'CONFLICT', on: ['s'] } })
      expect(await bench.store.load('s')).toHaveLength(2)
    })

    it('refuses a version above 0 of a stream that does not exist', async () => {
      await using bench = await open()
      const committed = await bench.store.commit({ appends: [appendTo('new', 4)] })
      expect(committed).toEqual({ ok: false, error: { code: 'CONFLICT', on: ['new'] } })
    })

    it('lets exactly one of fifty appends at the same version through', async () => {
      await using bench = await open()
      await append(bench.store, appendTo('s', 0, 2))
      const races = Array.from({ length: 50 }, () => bench.store.commit({ appends: [appendTo('s', 2)] }))
      const outcomes = await Promise.all(races)
      expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1)
      for (const lost of outcomes) if (!lost.ok) expect(lost.error).toEqual({ code: 'CONFLICT', on: ['s'] })
      expect(await bench.store.load('s')).toHaveLength(3)
    })

    it('lets appends to different streams through at the same time', async () => {
      await using bench = await open()
      const all = Array.from({ length: 30 }, (_, i) =>
        bench.store.commit({ appends: [appendTo(`s-${i}`, 0)] }),
      )
      expect((await Promise.all(all)).every((outcome) => outcome.ok)).toBe(true)
    })
  })

  describe('one transaction', () => {
    it('writes several streams and rows together and answers the versions in order', async () => {
      await using bench = await open()
      await append(bench.store, appendTo('b', 0, 3))
      const committed = await bench.store.commit({
        appends: [appendTo('a', 0, 2), appendTo('b', 3)],
        rows: [row('x')],
      })
      expect(committed).toEqual({ ok: true, value: { versions: [2, 4] } })
      expect(await bench.store.load('a')).toHaveLength(2)
      expect((await bench.store.get(row('x')))?.version).toBe(1)
    })

    it('writes nothing when one stream is elsewhere', async () => {
      await using bench = await open()
      await append(bench.store, appendTo('b', 0))
      const committed = await bench.store.commit({
        appends: [appendTo('a', 0), appendTo('b', 0)],
        rows: [row('x')],
      })
      expect(committed).toEqual({ ok: false, error: { code: 'CONFLICT', on: ['b'] } })
      expect(await bench.store.load('a')).toEqual([])
      expect(await bench.store.get(row('x'))).toBeUndefined()
    })

    it('writes nothing when one row is not as expected', async () => {
      await using bench = await open()
      const wrong = row('x', {}, { expect: { version: 3 } })
      const committed = await bench.store.commit({ appends: [appendTo('a', 0)], rows: [row('y'), wrong] })
      expect(committed).toEqual({ ok: false, error: { code: 'CONFLICT', on: ['goods/shelf/x'] } })
      expect(await bench.store.load('a')).toEqual([])
      expect(await bench.store.get(row('y'))).toBeUndefined()
    })

    it('names everything that was not as expected', async () => {
      await using bench = await open()
      await bench.store.commit({ appends: [appendTo('a', 0), appendTo('b', 0)], rows: [row('x'), row('y')] })
      const late = await bench.store.commit({
        appends: [appendTo('a', 0, 2), appendTo('b', 1), appendTo('c', 0)],
        rows: [row('x', {}, { expect: 'absent' }), row('y', {}, { expect: { version: 1 } })],
      })
      expect(late.ok ? [] : [...late.error.on].sort()).toEqual(['a', 'goods/shelf/x'])
    })

    it('accepts an empty transaction', async () => {
      await using bench = await open()
      expect(await bench.store.commit({})).toEqual({ ok: true, value: { versions: [] } })
    })
  })
}
