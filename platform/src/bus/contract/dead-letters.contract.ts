import { describe, expect, it } from '@jest/globals'
import {
  type Bench,
  type BusContract,
  type Listener,
  listener,
  openBench,
  told,
  toldMany,
} from './bench.contract.ts'

/** What operators do with dead letters. */
export function deadLetterContract(contract: BusContract): void {
  describe('dead letters', () => {
    it('come back in order per stream when they are redriven, as replays with fresh tries', async () => {
      await using bench = await openBench(contract)
      const { ada, heal } = await withDeadLetters(bench)
      heal()
      expect(await bench.bus.redrive({ consumer: 'orders.ada' })).toBe(6)
      await bench.bus.idle()
      for (const stream of ['order-1', 'order-2']) {
        expect(ada.handled.filter((id) => id.startsWith(stream))).toEqual(
          [1, 2, 3].map((n) => `${stream}@${n}`),
        )
      }
      expect(ada.tellings.slice(-6)).toMatchObject(Array(6).fill({ attempt: 1, replay: true }))
      expect(await bench.bus.deadLetters()).toEqual([])
    })

    it('go before later events of their stream that wait', async () => {
      await using bench = await openBench(contract)
      const sick = new Set(['order-1@1'])
      const ada = listener('orders.ada', { retry: { maxAttempts: 2, baseMs: 1 } }, (event) => {
        if (sick.has(event.id)) throw new Error('sick')
      })
      await bench.bus.subscribe(ada.consumer)
      await bench.bus.publish([told('order-1', 1)])
      await bench.pass(1000)
      sick.clear()
      sick.add('order-1@2')
      await bench.bus.publish([told('order-1', 2), told('order-1', 3)])
      await bench.bus.idle()
      expect(await bench.bus.redrive({})).toBe(1)
      await bench.bus.idle()
      expect(ada.handled).toEqual(['order-1@1'])
      sick.clear()
      await bench.pass(1000)
      expect(ada.handled).toEqual(['order-1@1', 'order-1@2', 'order-1@3'])
    })

    it('die again when nothing has changed', async () => {
      await using bench = await openBench(contract)
      const { ada } = await withDeadLetters(bench)
      const before = await bench.bus.deadLetters()
      await bench.bus.redrive({ ids: before.slice(0, 2).map(({ id }) => id) })
      await bench.pass(60_000)
      const after = await bench.bus.deadLetters()
      expect(after.map(({ event }) => event.id)).toEqual(before.map(({ event }) => event.id))
      expect(ada.handled).toEqual([])
    })

    it('are listed oldest first, by consumer, by id and up to a limit', async () => {
      await using bench = await openBench(contract)
      await withDeadLetters(bench)
      const all = await bench.bus.deadLetters()
      expect(all.map(({ event }) => event.id)).toEqual(
        [1, 2, 3].flatMap((n) => [`order-1@${n}`, `order-2@${n}`]),
      )
      const third = all[2]?.id ?? ''
      expect(await bench.bus.deadLetters({ ids: [third] })).toEqual(all.slice(2, 3))
      expect(await bench.bus.deadLetters({ limit: 2 })).toEqual(all.slice(0, 2))
      expect(await bench.bus.deadLetters({ consumer: 'orders.bo' })).toEqual([])
      await expect(bench.bus.deadLetters({ limit: 1001 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    })

    it('are gone for good when they are discarded', async () => {
      await using bench = await openBench(contract)
      const { heal } = await withDeadLetters(bench)
      heal()
      expect(await bench.bus.discard({ consumer: 'orders.ada', limit: 4 })).toBe(4)
      expect(await bench.bus.redrive({})).toBe(2)
      expect(await bench.bus.discard({})).toBe(0)
    })
  })
}

interface DeadLetters {
  readonly ada: Listener
  /** From here on its handler succeeds. */
  readonly heal: () => void
}

/** Three dead letters in each of two streams, interleaved. */
async function withDeadLetters(bench: Bench): Promise<DeadLetters> {
  let sick = true
  const ada = listener('orders.ada', { retry: { maxAttempts: 2, baseMs: 1 } }, () => {
    if (sick) throw new Error('sick')
  })
  await bench.bus.subscribe(ada.consumer)
  const [one, two] = [toldMany('order-1', 3), toldMany('order-2', 3)]
  await bench.bus.publish(one.flatMap((event, i) => [event, ...two.slice(i, i + 1)]))
  await bench.pass(60_000)
  return {
    ada,
    heal: () => {
      sick = false
    },
  }
}
