import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Envelope } from '../../event.ts'
import { Fault } from '../../fault.ts'
import { type BusContract, listener, openBench, sizeOf, told, turns } from './bench.contract.ts'

/** How often each event fails before it succeeds, and in which order streams are published. */
const history = fc.record({
  streams: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 40 }),
  failures: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 40 }),
  batch: fc.integer({ min: 1, max: 7 }),
  concurrency: fc.integer({ min: 1, max: 4 }),
  slow: fc.boolean(),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
})

/** Nothing lost, nothing twice, never out of order. */
export function orderContract(contract: BusContract): void {
  describe('order', () => {
    it('holds per stream whatever fails, and every event is handled once', async () => {
      await fc.assert(
        fc.asyncProperty(history, (plan) => keepsOrder(contract, plan)),
        { numRuns: contract.runs },
      )
    }, 60_000)

    const streams = sizeOf(contract) / 20

    it(`loses none of ${20 * streams} events over ${streams} streams`, async () => {
      await using bench = await openBench(contract)
      const seen = new Map<string, number[]>()
      let tries = 0
      const ada = listener('orders.ada', { concurrency: 64 }, (event) => {
        tries += 1
        if (tries % 97 === 0) throw new Fault('UPSTREAM_UNAVAILABLE', 'now and then')
        seen.set(event.stream, [...(seen.get(event.stream) ?? []), event.version])
      })
      await bench.bus.subscribe(ada.consumer)
      const all = Array.from({ length: 20 * streams }, (_, i) =>
        told(`s-${i % streams}`, Math.floor(i / streams) + 1),
      )
      for (let i = 0; i < all.length; i += 250) await bench.bus.publish(all.slice(i, i + 250))
      await bench.pass(600_000)
      expect(seen.size).toBe(streams)
      const expected = Array.from({ length: 20 }, (_, i) => i + 1)
      for (const versions of seen.values()) expect(versions).toEqual(expected)
      expect(await bench.bus.consumers()).toEqual([{ name: 'orders.ada', lag: 0, parked: 0, deadLetters: 0 }])
    }, 60_000)
  })
}

type Plan = typeof history extends fc.Arbitrary<infer T> ? T : never

async function keepsOrder(contract: BusContract, plan: Plan): Promise<void> {
  await using bench = await openBench(contract, plan.seed)
  const events = eventsOf(plan)
  const left = new Map(events.map((event, i) => [event.id, plan.failures[i % plan.failures.length] ?? 0]))
  const ada = listener('orders.ada', { concurrency: plan.concurrency }, async (event) => {
    if (plan.slow) await turns(1)
    const failures = left.get(event.id) ?? 0
    left.set(event.id, failures - 1)
    if (failures > 0) throw new Error('not yet')
  })
  await bench.bus.subscribe(ada.consumer)
  for (let i = 0; i < events.length; i += plan.batch) {
    await bench.bus.publish(events.slice(i, i + plan.batch))
    if (i % 3 === 0) await bench.pass(50)
  }
  await bench.pass(600_000)
  for (const stream of new Set(events.map((event) => event.stream))) {
    const ids = events.filter((event) => event.stream === stream).map((event) => event.id)
    expect(ada.handled.filter((id) => id.startsWith(`${stream}@`))).toEqual(ids)
  }
}

function eventsOf(plan: Plan): readonly Envelope[] {
  const versions = new Map<number, number>()
  return plan.streams.map((stream) => {
    const version = (versions.get(stream) ?? 0) + 1
    versions.set(stream, version)
    return told(`s${stream}`, version)
  })
}
