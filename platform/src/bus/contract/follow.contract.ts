import { describe, expect, it } from '@jest/globals'
import { type BusContract, openBench, told } from './bench.contract.ts'

export function followContract(contract: BusContract): void {
  describe('follow', () => {
    it('tells what matches from now on, in the order it was published', async () => {
      await using bench = await openBench(contract)
      const { bus } = bench
      await bus.publish([told('order-1', 1)])
      const heard: string[] = []
      await using _following = await bus.follow({
        pattern: { source: ['orders'] },
        hear: ({ id }) => void heard.push(id),
      })
      const imported = { meta: { correlationId: 'past', imported: true } } as const
      await bus.publish([told('order-1', 2), told('stock-1', 1, { source: 'inventory' })])
      await bus.publish([told('order-2', 1, imported), told('order-1', 3)])
      await bus.idle()
      expect(heard).toEqual(['order-1@2', 'order-1@3'])
    })

    it('tells everyone who follows, whatever another one throws, and nobody who stopped', async () => {
      await using bench = await openBench(contract)
      const { bus } = bench
      const heard: string[] = []
      const pattern = { source: ['orders'] }
      await using _failing = await bus.follow({
        pattern,
        hear() {
          throw new Error('deaf')
        },
      })
      const following = await bus.follow({ pattern, hear: ({ id }) => void heard.push(id) })
      await bus.publish([told('order-1', 1)])
      await bus.idle()
      await following[Symbol.asyncDispose]()
      await bus.publish([told('order-1', 2)])
      await bus.idle()
      expect(heard).toEqual(['order-1@1'])
      expect(await bus.consumers()).toEqual([])
    })

    it('refuses a pattern that is none', async () => {
      await using bench = await openBench(contract)
      const following = bench.bus.follow({ pattern: { source: [] }, hear: () => {} })
      await expect(following).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    })
  })
}
