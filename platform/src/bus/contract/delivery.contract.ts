import { describe, expect, it } from '@jest/globals'
import { type BusContract, listener, openBench, sizeOf, told, toldMany } from './bench.contract.ts'

/** Who is told what, and how often. */
export function deliveryContract(contract: BusContract): void {
  describe('delivery', () => {
    it('tells every consumer what its pattern asks for and nothing else', async () => {
      await using bench = await openBench(contract)
      const pay = listener('orders.payment', { pattern: { 'detail-type': ['OrderCreated'] } })
      const big = listener('orders.big', { pattern: { detail: { total: [{ numeric: ['>', 100] }] } } })
      const wms = listener('orders.shipped', {
        pattern: { source: ['wms'], 'detail-type': [{ prefix: 'Warehouse' }] },
      })
      for (const { consumer } of [pay, big, wms]) await bench.bus.subscribe(consumer)
      await bench.bus.publish([
        told('order-1', 1, { data: { total: 50 } }),
        told('order-2', 1, { data: { total: 500 } }),
        told('parcel-1', 1, { source: 'wms', type: 'WarehouseShipped' }),
      ])
      await bench.bus.idle()
      expect(pay.handled.toSorted()).toEqual(['order-1@1', 'order-2@1'])
      expect(big.handled).toEqual(['order-2@1'])
      expect(wms.handled).toEqual(['parcel-1@1'])
    })

    it('hands over the whole event, as first try and no replay', async () => {
      await using bench = await openBench(contract)
      const ada = listener('orders.ada')
      await bench.bus.subscribe(ada.consumer)
      const event = told('order-1', 1, { data: { lines: [{ sku: 'TEE' }], note: null } })
      await bench.bus.publish([event])
      await bench.bus.idle()
      expect(ada.tellings).toEqual([{ event, attempt: 1, replay: false }])
    })

    it('tells an id that was published before only once', async () => {
      await using bench = await openBench(contract)
      const ada = listener('orders.ada')
      await bench.bus.subscribe(ada.consumer)
      await bench.bus.publish([told('order-1', 1), told('order-1', 1)])
      await bench.bus.publish([told('order-1', 1), told('order-1', 2)])
      await Promise.all([bench.bus.publish([told('order-1', 2)]), bench.bus.publish([told('order-1', 2)])])
      await bench.bus.idle()
      expect(ada.handled).toEqual(['order-1@1', 'order-1@2'])
      expect((await bench.bus.archive({ limit: 10 })).events.length).toBe(2)
    })

    it('knows an id again as far back as it remembers', async () => {
      await using bench = await openBench(contract)
      const ada = listener('orders.ada')
      await bench.bus.subscribe(ada.consumer)
      const all = toldMany('order-1', Math.min(contract.window ?? 500, 500, sizeOf(contract)))
      await bench.bus.publish(all)
      await bench.bus.publish(all)
      await bench.bus.idle()
      expect(ada.handled).toEqual(all.map(({ id }) => id))
    })

    it('starts a new consumer at the beginning, or where the log ends when it asks for that', async () => {
      await using bench = await openBench(contract)
      await bench.bus.publish([told('order-1', 1)])
      const [early, late] = [listener('orders.early'), listener('orders.late', { from: 'latest' })]
      await bench.bus.subscribe(early.consumer)
      await bench.bus.subscribe(late.consumer)
      await bench.bus.publish([told('order-1', 2)])
      await bench.bus.idle()
      expect(early.handled).toEqual(['order-1@1', 'order-1@2'])
      expect(late.handled).toEqual(['order-1@2'])
    })

    it('goes on where a consumer stopped when it comes back by its name', async () => {
      await using bench = await openBench(contract)
      const ada = listener('orders.ada', { from: 'latest' })
      const subscription = await bench.bus.subscribe(ada.consumer)
      await bench.bus.publish([told('order-1', 1)])
      await bench.bus.idle()
      await subscription[Symbol.asyncDispose]()
      await bench.bus.publish([told('order-1', 2)])
      expect(await bench.bus.consumers()).toEqual([{ name: 'orders.ada', lag: 1, parked: 0, deadLetters: 0 }])
      await bench.bus.subscribe(ada.consumer)
      await bench.bus.idle()
      expect(ada.handled).toEqual(['order-1@1', 'order-1@2'])
    })

    it('keeps imported history from reactions and gives it to read models', async () => {
      await using bench = await openBench(contract)
      const imported = { meta: { correlationId: 'C-0', imported: true } } as const
      await bench.bus.publish([told('order-1', 1, imported)])
      const [reaction, model] = [listener('orders.pay'), listener('orders.list', { imported: true })]
      await bench.bus.subscribe(reaction.consumer)
      await bench.bus.subscribe(model.consumer)
      await bench.bus.publish([told('order-1', 2, imported), told('order-1', 3)])
      await bench.bus.idle()
      expect(reaction.handled).toEqual(['order-1@3'])
      expect(model.handled).toEqual(['order-1@1', 'order-1@2', 'order-1@3'])
    })

    it('keeps consumers apart: one that fails does not hold up another', async () => {
      await using bench = await openBench(contract)
      const bad = listener('orders.bad', {}, () => {
        throw new Error('no')
      })
      const good = listener('orders.good')
      await bench.bus.subscribe(bad.consumer)
      await bench.bus.subscribe(good.consumer)
      await bench.bus.publish([told('order-1', 1), told('order-1', 2)])
      await bench.bus.idle()
      expect(good.handled).toEqual(['order-1@1', 'order-1@2'])
      expect(await bench.bus.consumers()).toEqual([
        { name: 'orders.bad', lag: 2, parked: 1, deadLetters: 0 },
        { name: 'orders.good', lag: 0, parked: 0, deadLetters: 0 },
      ])
    })

    it('lets a handler publish what follows from its event', async () => {
      await using bench = await openBench(contract)
      const end = listener('orders.end', { pattern: { 'detail-type': ['OrderFulfilled'] } })
      const chain = listener(
        'orders.chain',
        { pattern: { 'detail-type': ['OrderCreated'] } },
        async (event) => {
          await bench.bus.publish([told(event.stream, 2, { type: 'OrderFulfilled' })])
        },
      )
      await bench.bus.subscribe(end.consumer)
      await bench.bus.subscribe(chain.consumer)
      await bench.bus.publish([told('order-1', 1), told('order-2', 1)])
      await bench.bus.idle()
      expect(end.handled.toSorted()).toEqual(['order-1@2', 'order-2@2'])
    })

    it('refuses bad patterns, taken names, senseless numbers and events without an identity', async () => {
      await using bench = await openBench(contract)
      const { bus } = bench
      await bus.subscribe(listener('orders.ada').consumer)
      const bad = (text: string): object => ({ code: 'BAD_REQUEST', message: expect.stringContaining(text) })
      const pattern = { source: [{ like: 'x' }] }
      await expect(bus.subscribe(listener('orders.bo', { pattern }).consumer)).rejects.toMatchObject(
        bad('"like"'),
      )
      await expect(bus.subscribe(listener('orders.ada').consumer)).rejects.toMatchObject(
        bad('subscribed already'),
      )
      await expect(bus.subscribe(listener('orders.bo', { concurrency: 0 }).consumer)).rejects.toMatchObject(
        bad('concurrency'),
      )
      await expect(bus.publish([told('order-1', 1, { id: '' })])).rejects.toMatchObject(
        bad('Expected the id'),
      )
      await expect(bus.publish([told('order-1', 1, { at: Number.NaN })])).rejects.toMatchObject(bad('epoch'))
      await bus.publish([])
      expect((await bus.archive({ limit: 1 })).events).toEqual([])
    })
  })
}
