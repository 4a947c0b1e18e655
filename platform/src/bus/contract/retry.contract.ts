import { describe, expect, it } from '@jest/globals'
import { Fault } from '../../fault.ts'
import { type BusContract, listener, openBench, sizeOf, told, toldMany } from './bench.contract.ts'

/** What happens when a handler fails or takes too long: one contract, so all its cases stand in one file. */
export function retryContract(contract: BusContract): void {
  describe('retry', () => {
    it('tries again with growing pauses, none longer than its ceiling', async () => {
      await using bench = await openBench(contract)
      const times: number[] = []
      const retry = { baseMs: 100, capMs: 1000, maxAttempts: 8 }
      const ada = listener('orders.ada', { retry }, () => {
        times.push(bench.clock.now())
        throw new Error('not yet')
      })
      await bench.bus.subscribe(ada.consumer)
      await bench.bus.publish([told('order-1', 1)])
      await bench.pass(60_000)
      expect(ada.tellings.map((telling) => telling.attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
      const pauses = times.slice(1).map((at, i) => at - (times[i] ?? at))
      const ceilings = [100, 200, 400, 800, 1000, 1000, 1000]
      pauses.forEach((pause, i) => {
        expect(pause).toBeGreaterThanOrEqual(1)
        expect(pause).toBeLessThanOrEqual(ceilings[i] ?? 0)
      })
      expect(new Set(pauses).size).toBeGreaterThan(3)
    })

    it('does not try before its time', async () => {
      await using bench = await openBench(contract)
      const ada = listener('orders.ada', {}, (_, { attempt }) => {
        if (attempt === 1) throw new Error('not yet')
      })
      await bench.bus.subscribe(ada.consumer)
      await bench.bus.publish([told('order-1', 1)])
      await bench.bus.idle()
      expect(ada.tellings.length).toBe(1)
      await bench.pass(200)
      expect(ada.handled).toEqual(['order-1@1'])
      expect(await bench.bus.consumers()).toEqual([{ name: 'orders.ada', lag: 0, parked: 0, deadLetters: 0 }])
    })

    it('holds up the stream of a poison event and no other', async () => {
      await using bench = await openBench(contract)
      const ada = listener('orders.ada', {}, (event) => {
        if (event.id === 'order-1@2') throw new Error('poison')
      })
      await bench.bus.subscribe(ada.consumer)
      await bench.bus.publish([...toldMany('order-1', 4), ...toldMany('order-2', 4)])
      await bench.bus.publish([told('order-1', 5)])
      await bench.pass(60_000)
      expect(ada.handled.toSorted()).toEqual([
        'order-1@1',
        ...toldMany('order-2', 4).map((event) => event.id),
      ])
      expect(await bench.bus.consumers()).toEqual([{ name: 'orders.ada', lag: 4, parked: 1, deadLetters: 0 }])
    })

    it('goes on with other streams however many events wait behind a poison one', async () => {
      await using bench = await openBench(contract)
      const many = Math.min(3000, sizeOf(contract))
      const ada = listener('orders.ada', { retry: { baseMs: 10_000 } }, (event, { attempt }) => {
        if (event.id === 'order-1@1' && attempt < 3) throw new Error('poison')
      })
      await bench.bus.subscribe(ada.consumer)
      await bench.bus.publish([told('order-1', 1)])
      await bench.bus.idle()
      await bench.bus.publish([...toldMany('order-1', many), told('order-2', 1)])
      await bench.bus.idle()
      expect(ada.handled).toEqual(['order-2@1'])
      await bench.pass(60_000)
      expect(ada.handled.slice(1)).toEqual(toldMany('order-1', many).map((event) => event.id))
    })

    it('gives up after its tries, by then in a dead letter, and the stream goes on', async () => {
      await using bench = await openBench(contract)
      const start = bench.clock.now()
      const ada = listener('orders.ada', { retry: { maxAttempts: 3 } }, (event) => {
        if (event.version === 1) throw new Fault('UPSTREAM_UNAVAILABLE', 'The warehouse is closed.')
      })
      await bench.bus.subscribe(ada.consumer)
      await bench.bus.publish(toldMany('order-1', 3))
      await bench.pass(60_000)
      expect(ada.handled).toEqual(['order-1@2', 'order-1@3'])
      const letters = await bench.bus.deadLetters()
      expect(letters).toEqual([
        {
          id: expect.any(String),
          consumer: 'orders.ada',
          event: told('order-1', 1, { data: {} }),
          attempts: 3,
          firstAt: start,
          lastAt: expect.any(Number),
          errorCode: 'UPSTREAM_UNAVAILABLE',
          errorMessage: 'The warehouse is closed.',
          exhausted: 'attempts',
        },
      ])
      expect(letters[0]?.lastAt).toBeGreaterThan(start)
      expect(await bench.bus.consumers()).toEqual([{ name: 'orders.ada', lag: 0, parked: 0, deadLetters: 1 }])
    })

    it('gives up when the event is too old', async () => {
      await using bench = await openBench(contract)
      const ada = listener('orders.ada', { retry: { maxAgeMs: 10_000 } }, () => {
        throw new Error('never')
      })
      await bench.bus.subscribe(ada.consumer)
      await bench.bus.publish([told('order-1', 1)])
      await bench.pass(30_000)
      const [letter] = await bench.bus.deadLetters()
      expect(letter).toMatchObject({ exhausted: 'age', errorCode: 'INTERNAL', errorMessage: 'never' })
      expect((letter?.lastAt ?? 0) - (letter?.firstAt ?? 0)).toBeLessThanOrEqual(10_000)
    })

    it('does not try again what will be as wrong tomorrow', async () => {
      await using bench = await openBench(contract)
      const ada = listener('orders.ada', {}, () => {
        throw new Fault('BAD_SCHEMA', 'No such field.')
      })
      await bench.bus.subscribe(ada.consumer)
      await bench.bus.publish([told('order-1', 1)])
      await bench.bus.idle()
      expect(await bench.bus.deadLetters()).toMatchObject([{ attempts: 1, exhausted: 'not_retryable' }])
    })

    it('aborts a try that takes too long and counts it as failed', async () => {
      await using bench = await openBench(contract)
      const reasons: unknown[] = []
      const slow = listener(
        'orders.slow',
        { retry: { timeoutMs: 5000, maxAttempts: 1 } },
        (_, { signal }) => {
          return new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              reasons.push(signal.reason)
              reject(signal.reason)
            })
          })
        },
      )
      await bench.bus.subscribe(slow.consumer)
      await bench.bus.publish([told('order-1', 1)])
      await bench.settle()
      bench.clock.advance(4999)
      await bench.settle()
      expect(reasons).toEqual([])
      bench.clock.advance(1)
      await bench.bus.idle()
      expect(reasons).toMatchObject([{ code: 'DEADLINE_EXCEEDED' }])
      expect(await bench.bus.deadLetters()).toMatchObject([{ errorCode: 'DEADLINE_EXCEEDED', attempts: 1 }])
    })

    it('goes on without a handler that does not hear its signal', async () => {
      await using bench = await openBench(contract)
      const deaf = listener('orders.deaf', { retry: { timeoutMs: 1000, maxAttempts: 1 } }, async (event) => {
        if (event.version === 1) await new Promise(() => {})
      })
      await bench.bus.subscribe(deaf.consumer)
      await bench.bus.publish(toldMany('order-1', 2))
      await bench.settle()
      bench.clock.advance(1000)
      await bench.settle()
      expect(deaf.handled).toEqual([])
      bench.clock.advance(5000)
      await bench.bus.idle()
      expect(deaf.handled).toEqual(['order-1@2'])
    })

    it('counts work that ends well after its time as done', async () => {
      await using bench = await openBench(contract)
      let finish = (): void => {}
      const late = listener('orders.late', { retry: { timeoutMs: 1000 } }, () => {
        return new Promise<void>((resolve) => {
          finish = resolve
        })
      })
      await bench.bus.subscribe(late.consumer)
      await bench.bus.publish([told('order-1', 1)])
      await bench.settle()
      bench.clock.advance(1500)
      finish()
      await bench.pass(60_000)
      expect(late.tellings.length).toBe(1)
      expect(await bench.bus.deadLetters()).toEqual([])
    })

    it('handles several streams at once, up to the concurrency asked for', async () => {
      await using bench = await openBench(contract)
      const waiting: (() => void)[] = []
      const most: number[] = []
      const ada = listener('orders.ada', { concurrency: 3 }, () => {
        most.push(waiting.length + 1)
        return new Promise<void>((resolve) => void waiting.push(resolve))
      })
      await bench.bus.subscribe(ada.consumer)
      await bench.bus.publish(['a', 'b', 'c', 'd', 'e'].map((stream) => told(stream, 1)))
      await bench.settle()
      expect(waiting.length).toBe(3)
      while (ada.handled.length < 5) {
        waiting.shift()?.()
        await bench.settle()
      }
      expect(Math.max(...most)).toBe(3)
    })
  })
}
