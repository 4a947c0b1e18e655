import { describe, expect, it } from '@jest/globals'
import { type BusContract, listener, openBench, told, toldMany, turns } from './bench.contract.ts'

/** Stopping without losing anything. */
export function closingContract(contract: BusContract): void {
  describe('closing', () => {
    it('waits for running handlers, and starts no more', async () => {
      await using bench = await openBench(contract)
      let finish = (): void => {}
      const ada = listener('orders.ada', {}, () => {
        return new Promise<void>((resolve) => {
          finish = resolve
        })
      })
      const subscription = await bench.bus.subscribe(ada.consumer)
      await bench.bus.publish(toldMany('order-1', 2))
      await bench.settle()
      let closed = false
      const closing = subscription[Symbol.asyncDispose]().then(() => {
        closed = true
      })
      await bench.bus.publish([told('order-1', 3), told('order-2', 1)])
      await bench.settle()
      expect(closed).toBe(false)
      finish()
      await closing
      expect(ada.handled).toEqual(['order-1@1'])
      const again = listener('orders.ada')
      await bench.bus.subscribe(again.consumer)
      await bench.bus.idle()
      expect(again.handled.toSorted()).toEqual(['order-1@2', 'order-1@3', 'order-2@1'])
    })

    it('says whom this process serves, until it lets go', async () => {
      await using bench = await openBench(contract)
      expect(bench.bus.serving()).toEqual([])
      const subscription = await bench.bus.subscribe(listener('orders.ada').consumer)
      await bench.bus.subscribe(listener('orders.bo').consumer)
      expect(bench.bus.serving().toSorted()).toEqual(['orders.ada', 'orders.bo'])
      await subscription[Symbol.asyncDispose]()
      expect(bench.bus.serving()).toEqual(['orders.bo'])
    })

    it('does not take what is published meanwhile for told', async () => {
      await using bench = await openBench(contract)
      let finish = (): void => {}
      const ada = listener('orders.ada', {}, () => {
        return new Promise<void>((resolve) => {
          finish = resolve
        })
      })
      const subscription = await bench.bus.subscribe(ada.consumer)
      await bench.bus.publish([told('order-1', 1)])
      await bench.settle()
      const closing = subscription[Symbol.asyncDispose]()
      await bench.bus.publish([told('order-1', 2), told('order-2', 1)])
      finish()
      await closing
      const again = listener('orders.ada')
      await bench.bus.subscribe(again.consumer)
      await bench.bus.idle()
      expect(again.handled.toSorted()).toEqual(['order-1@2', 'order-2@1'])
    })

    it('waits only so long: a handler that hangs is aborted and its event comes again', async () => {
      await using bench = await openBench(contract)
      const aborted: unknown[] = []
      const ada = listener('orders.ada', {}, (_, { signal }) => {
        signal.addEventListener('abort', () => aborted.push(signal.reason))
        return new Promise<void>(() => {})
      })
      const subscription = await bench.bus.subscribe(ada.consumer)
      await bench.bus.publish([told('order-1', 1)])
      await bench.settle()
      const closing = subscription[Symbol.asyncDispose]()
      await bench.settle()
      bench.clock.advance(1000)
      await closing
      expect(aborted).toMatchObject([{ code: 'DEADLINE_EXCEEDED' }])
      const again = listener('orders.ada')
      await bench.bus.subscribe(again.consumer)
      await bench.bus.idle()
      expect(again.handled).toEqual(['order-1@1'])
    })

    it('refuses to publish or subscribe afterwards', async () => {
      await using bench = await openBench(contract)
      await bench.bus[Symbol.asyncDispose]()
      await bench.bus[Symbol.asyncDispose]()
      const closed = { code: 'STORE_UNAVAILABLE', retryable: false }
      await expect(bench.bus.publish([told('order-1', 1)])).rejects.toMatchObject(closed)
      await expect(bench.bus.subscribe(listener('orders.ada').consumer)).rejects.toMatchObject(closed)
    })
  })
}

/** What outlives the process. */
export function reopeningContract(contract: BusContract): void {
  describe('reopening', () => {
    it('goes on where each consumer stopped, and knows ids it has seen', async () => {
      await using bench = await openBench(contract)
      const ada = listener('orders.ada')
      await bench.bus.subscribe(ada.consumer)
      await bench.bus.publish(toldMany('order-1', 3))
      await bench.bus.idle()
      const bus = await bench.reopen()
      await bus.publish([...toldMany('order-1', 3), told('order-1', 4)])
      await bus.subscribe(ada.consumer)
      await bus.idle()
      expect(ada.handled).toEqual([1, 2, 3, 4].map((n) => `order-1@${n}`))
    })

    it('keeps tries, order and times of what waits', async () => {
      await using bench = await openBench(contract)
      const ada = listener('orders.ada', { retry: { baseMs: 10_000 } }, (event, { attempt }) => {
        if (event.version === 1 && attempt < 3) throw new Error('not yet')
      })
      await bench.bus.subscribe(ada.consumer)
      await bench.bus.publish([...toldMany('order-1', 3), told('order-2', 2)])
      await bench.bus.idle()
      const bus = await bench.reopen()
      expect(await bus.consumers()).toEqual([{ name: 'orders.ada', lag: 3, parked: 1, deadLetters: 0 }])
      await bus.subscribe(ada.consumer)
      await bus.idle()
      expect(ada.handled).toEqual(['order-2@2'])
      await bench.pass(60_000)
      expect(ada.handled).toEqual(['order-2@2', 'order-1@1', 'order-1@2', 'order-1@3'])
      expect(
        ada.tellings.filter(({ event }) => event.id === 'order-1@1').map(({ attempt }) => attempt),
      ).toEqual([1, 2, 3])
    })

    it('goes on with a replay where it was', async () => {
      await using bench = await openBench(contract)
      let left = Number.POSITIVE_INFINITY
      const ada = listener('orders.ada', { concurrency: 1 }, async () => {
        left -= 1
        if (left < 0) await new Promise(() => {})
      })
      await bench.bus.subscribe(ada.consumer)
      await bench.bus.publish(toldMany('order-1', 400))
      await bench.bus.idle()
      left = 250
      expect(await bench.bus.replay({ consumer: 'orders.ada' })).toBe(400)
      while (left >= 0) await turns(1)
      const reopening = bench.reopen()
      await bench.settle()
      bench.clock.advance(1000)
      const bus = await reopening
      left = Number.POSITIVE_INFINITY
      await bus.subscribe(ada.consumer)
      await bus.idle()
      const versions = ada.handled.slice(400).map((id) => Number(id.split('@')[1]))
      expect(versions).toEqual(Array.from({ length: 400 }, (_, i) => i + 1))
    })

    it('keeps dead letters, and redrives and replays that nobody has taken up yet', async () => {
      await using bench = await openBench(contract)
      let sick = true
      const ada = listener('orders.ada', { retry: { maxAttempts: 1 } }, () => {
        if (sick) throw new Error('sick')
      })
      await (await bench.bus.subscribe(ada.consumer))[Symbol.asyncDispose]()
      await bench.bus.subscribe(ada.consumer)
      await bench.bus.publish(toldMany('order-1', 2))
      await bench.bus.idle()
      const bus = await bench.reopen()
      expect((await bus.deadLetters()).map(({ event }) => event)).toEqual(toldMany('order-1', 2))
      expect(await bus.redrive({ limit: 1 })).toBe(1)
      expect(
        await bus.replay({ consumer: 'orders.ada', pattern: { detail: { n: [2] }, source: ['orders'] } }),
      ).toBe(0)
      expect(await bus.replay({ consumer: 'orders.ada' })).toBe(2)
      sick = false
      const again = await bench.reopen()
      await again.subscribe(ada.consumer)
      await again.idle()
      expect(ada.handled).toEqual(['order-1@1', 'order-1@1', 'order-1@2'])
      expect((await again.deadLetters()).length).toBe(1)
    })
  })
}
