import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import type { RecordedEvent } from '../../event.ts'
import { invariant } from '../../invariant.ts'
import {
  append,
  appendTo,
  eventually,
  expectInOrder,
  names,
  newEvent,
  type OpenBench,
} from './parts.contract.ts'

export function feedContract(open: OpenBench): void {
  describe('the change feed', () => {
    it('tells everything appended so far, in order per stream', async () => {
      await using bench = await open()
      for (let i = 0; i < 5; i++) await append(bench.store, appendTo('a', i * 2, 2), appendTo('b', i * 3, 3))
      const told: RecordedEvent[] = []
      await using _ = await bench.store.follow('relay', async (events) => void told.push(...events))
      await eventually(() => told.length >= 25, '25 events')
      expectInOrder(told)
      expect(new Set(names(told)).size).toBe(25)
      expect(told.find((event) => event.stream === 'b' && event.version === 15)).toEqual(
        (await bench.store.load('b', { after: 14 }))[0],
      )
    })

    it('tells what is appended while it follows', async () => {
      await using bench = await open()
      const told: RecordedEvent[] = []
      await using _ = await bench.store.follow('relay', async (events) => void told.push(...events))
      for (let i = 0; i < 3; i++) {
        await append(bench.store, appendTo('a', i))
        await eventually(() => told.length > i, `event ${i + 1}`)
      }
      expect(names(told)).toEqual(['a@1', 'a@2', 'a@3'])
    })

    it('tells nothing about rows and refused appends', async () => {
      await using bench = await open()
      const told: RecordedEvent[] = []
      await using _ = await bench.store.follow('relay', async (events) => void told.push(...events))
      await bench.store.commit({ rows: [{ table: 't', partition: 'p', sort: 's', value: {} }] })
      await bench.store.commit({ appends: [appendTo('a', 5)] })
      await append(bench.store, appendTo('b', 0))
      await eventually(() => told.length > 0, 'the accepted event')
      expect(names(told)).toEqual(['b@1'])
    })

    it('brings the same batch again after a refusal, and nothing out of order', async () => {
      await using bench = await open()
      await append(bench.store, appendTo('a', 0, 3))
      const batches: (readonly string[])[] = []
      await using _ = await bench.store.follow('relay', async (events) => {
        batches.push(names(events))
        if (batches.length < 3) throw new Error('the bus is away')
      })
      await eventually(() => batches.length >= 3, 'the third try')
      expect(batches[1]).toEqual(batches[0])
      expect(batches[2]).toEqual(batches[0])
    })

    it('goes on where the consumer stopped, not at the start', async () => {
      await using bench = await open()
      await append(bench.store, appendTo('a', 0, 3))
      const first: RecordedEvent[] = []
      const following = await bench.store.follow('relay', async (events) => void first.push(...events))
      await eventually(() => first.length >= 3, 'the first three')
      await following[Symbol.asyncDispose]()
      await append(bench.store, appendTo('a', 3, 2))
      const second: RecordedEvent[] = []
      await using _ = await bench.store.follow('relay', async (events) => void second.push(...events))
      await eventually(() => second.length >= 2, 'the other two')
      expect(names(first)).toEqual(['a@1', 'a@2', 'a@3'])
      expect(names(second)).toEqual(['a@4', 'a@5'])
    })

    it('does not count what was refused as told', async () => {
      await using bench = await open()
      await append(bench.store, appendTo('a', 0))
      let refused = 0
      const following = await bench.store.follow('relay', async () => {
        refused += 1
        throw new Error('not today')
      })
      await eventually(() => refused > 0, 'a refusal')
      await following[Symbol.asyncDispose]()
      const told: RecordedEvent[] = []
      await using _ = await bench.store.follow('relay', async (events) => void told.push(...events))
      await eventually(() => told.length > 0, 'the event again')
      expect(names(told)).toEqual(['a@1'])
    })

    it('tells a closed follower nothing more', async () => {
      await using bench = await open()
      const told: RecordedEvent[] = []
      const following = await bench.store.follow('relay', async (events) => void told.push(...events))
      await following[Symbol.asyncDispose]()
      await append(bench.store, appendTo('a', 0))
      await wait(50)
      expect(told).toEqual([])
    })

    it('keeps two consumers apart: one that fails does not hold up the other', async () => {
      await using bench = await open()
      const told: RecordedEvent[] = []
      await using _one = await bench.store.follow('broken', async () => {
        throw new Error('always')
      })
      await using _two = await bench.store.follow('healthy', async (events) => void told.push(...events))
      await append(bench.store, appendTo('a', 0, 3))
      await eventually(() => told.length >= 3, 'three events')
      expectInOrder(told)
    })

    it('hands on in batches of at most 1,000, one at a time', async () => {
      await using bench = await open()
      for (let i = 0; i < 12; i++) await append(bench.store, appendTo(`s-${i}`, 0, 100))
      let [told, largest, atWork, overlaps] = [0, 0, 0, 0]
      await using _ = await bench.store.follow('relay', async (events) => {
        if (atWork++ > 0) overlaps += 1
        await wait(1)
        atWork -= 1
        told += events.length
        largest = Math.max(largest, events.length)
      })
      await eventually(() => told >= 1200, '1,200 events')
      expect(overlaps).toBe(0)
      expect(largest).toBeLessThanOrEqual(1000)
    })

    it('misses nothing that is committed by many at once', async () => {
      await using bench = await open()
      const told: RecordedEvent[] = []
      await using _ = await bench.store.follow('relay', async (events) => void told.push(...events))
      const writer = async (name: string): Promise<void> => {
        for (let i = 0; i < 10; i++) {
          const committed = await bench.store.commit({ appends: [appendTo(name, i)] })
          const shared = await bench.store.load('shared')
          await bench.store.commit({
            appends: [{ stream: 'shared', expectedVersion: shared.length, events: [newEvent()] }],
          })
          expect(committed.ok).toBe(true)
        }
      }
      await Promise.all(Array.from({ length: 8 }, (_, i) => writer(`w-${i}`)))
      const expected = 80 + (await bench.store.load('shared')).length
      await eventually(() => new Set(names(told)).size >= expected, `${expected} events`)
      expectInOrder(told)
    })
  })
}

export function reopeningContract(open: OpenBench): void {
  describe('closing and opening again', () => {
    it('keeps the events and where each consumer stopped', async () => {
      await using bench = await open()
      await append(bench.store, appendTo('a', 0, 3))
      const told: RecordedEvent[] = []
      await bench.store.follow('relay', async (events) => void told.push(...events))
      await eventually(() => told.length >= 3, 'the first three')
      const store = await bench.reopen?.()
      invariant(store, 'a durable engine can be opened again')
      await append(store, appendTo('a', 3))
      const later: RecordedEvent[] = []
      await store.follow('relay', async (events) => void later.push(...events))
      await eventually(() => later.length > 0, 'the fourth')
      expect(names(later)).toEqual(['a@4'])
      expect(await store.load('a')).toHaveLength(4)
    })
  })
}
