import { setTimeout as wait } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { eventually } from '../../../test/eventually.ts'
import { firstTellings, handledBeforeKill } from '../../../test/worker-killed.ts'
import { type Clock, systemClock } from '../../clock.ts'
import type { EventBus } from '../../event-bus.ts'
import { listener, told, toldMany } from './bench.contract.ts'

export interface SharedBusContract {
  /** A place that nobody used before, where many buses are open at once, as processes open them. Leases last about a second. */
  readonly share: () => Promise<SharedPlace>
  /** Whether one process serves a consumer, or as many as there are partitions. */
  readonly serving: 'one' | 'many'
  /** How many events are handled while workers are killed. Default 600; fewer for an engine behind a slow emulator. */
  readonly killed?: number
}

export interface SharedPlace extends AsyncDisposable {
  open(options?: SharedOptions): EventBus | Promise<EventBus>
  /** A program with its arguments, which serves `orders.worker` here and prints the id of each event that it handled. */
  readonly worker: readonly string[]
}

export interface SharedOptions {
  readonly clock?: Clock
  readonly closeMs?: number
}

/** What every engine that processes can share must satisfy, on a real clock. */
export function sharedBusContract(contract: SharedBusContract): void {
  describe('shared by processes', () => {
    passingOn(contract)
    if (contract.serving === 'one') owning(contract)
    killing(contract)
  })
}

function passingOn({ share }: SharedBusContract): void {
  it('carries events from one to the other, and redrives and replays too', async () => {
    await using place = await share()
    await using ada = await place.open()
    await using bo = await place.open()
    let sick = true
    const worker = listener('orders.worker', { retry: { maxAttempts: 1 } }, (event) => {
      if (sick && event.version === 2) throw new Error('sick')
    })
    const heard: string[] = []
    await using _ = await ada.follow({
      pattern: { source: ['orders'] },
      hear: ({ id }) => void heard.push(id),
    })
    await ada.subscribe(worker.consumer)
    await bo.publish([told('order-1', 1), told('order-1', 2)])
    await ada.publish([told('order-1', 3)])
    await eventually(() => worker.handled.length === 2 && heard.length === 3, 'the events of the other')
    expect(worker.handled).toEqual(['order-1@1', 'order-1@3'])
    await eventually(async () => (await bo.deadLetters()).length === 1, 'the dead letter')
    sick = false
    expect(await bo.redrive({})).toBe(1)
    await eventually(() => worker.handled.length === 3, 'the redrive')
    await atRest(bo)
    // What is just told may be too young for a replay.
    await eventually(
      async () => (await bo.replay({ consumer: 'orders.worker' })) === 3,
      'the last to be settled',
    )
    await eventually(() => worker.handled.length >= 6, 'the replay')
  })

  it('tells once, and in the order of each stream, what several publish at the same moment', async () => {
    await using place = await share()
    await using ada = await place.open()
    await using bo = await place.open()
    await using cleo = await place.open()
    const worker = listener('orders.worker')
    await ada.subscribe(worker.consumer)
    const rounds = Array.from({ length: 10 }, (_, i) => [1, 2, 3, 4, 5, 6].map((s) => told(`s-${s}`, i + 1)))
    const publishAll = async (bus: EventBus): Promise<void> => {
      for (const round of rounds) await bus.publish(round)
    }
    await Promise.all([ada, bo, cleo].map(publishAll))
    const ids = rounds.flat().map(({ id }) => id)
    await eventually(() => worker.handled.length >= ids.length, 'all events')
    await atRest(ada)
    expect(worker.handled.toSorted()).toEqual(ids.toSorted())
    expect(firstTellings(worker.handled)).toEqual(firstTellings(ids))
    for (const bus of [ada, bo, cleo]) {
      const { events } = await bus.archive({ limit: 1000 })
      expect(events.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
    }
  })

  it('tells every dead letter once, however many redrive it at once', async () => {
    await using place = await share()
    await using ada = await place.open()
    await using bo = await place.open()
    let sick = true
    const worker = listener('orders.worker', { retry: { maxAttempts: 1 } }, () => {
      if (sick) throw new Error('sick')
    })
    await ada.subscribe(worker.consumer)
    await ada.publish(toldMany('s-1', 20))
    await eventually(async () => (await bo.deadLetters({ limit: 100 })).length === 20, 'the dead letters')
    sick = false
    await Promise.all([ada, bo, ada, bo].map((bus) => bus.redrive({ limit: 15 })))
    await bo.redrive({})
    await eventually(() => worker.handled.length >= 20, 'all of them')
    await atRest(bo)
    expect(worker.handled.toSorted()).toEqual(
      toldMany('s-1', 20)
        .map(({ id }) => id)
        .toSorted(),
    )
  })
}

/** Its clock stands still, so that it never learns that its lease has run out. */
const frozen: Clock = {
  ...systemClock,
  now: () => Date.now() - 60_000,
  schedule: () => ({ cancel: () => {} }),
}

function owning({ share }: SharedBusContract): void {
  it('serves a consumer in one process only; the next takes over when the first leaves', async () => {
    await using place = await share()
    await using ada = await place.open()
    await using bo = await place.open()
    const [first, second] = [listener('orders.worker'), listener('orders.worker')]
    const subscription = await ada.subscribe(first.consumer)
    await bo.subscribe(second.consumer)
    await bo.publish([told('order-1', 1)])
    await eventually(() => first.handled.length === 1, 'the first event')
    await wait(500)
    expect(second.handled).toEqual([])
    await subscription[Symbol.asyncDispose]()
    await bo.publish([told('order-1', 2)])
    await eventually(() => second.handled.length === 1, 'the second event')
    expect([first.handled, second.handled]).toEqual([['order-1@1'], ['order-1@2']])
  })

  it('drops the late success of an owner that was overtaken', async () => {
    await using place = await share()
    await using ada = await place.open({ clock: frozen, closeMs: 1 })
    await using bo = await place.open({ closeMs: 1 })
    const end = Promise.withResolvers<void>()
    const hung = listener('orders.worker', {}, () => end.promise)
    await ada.subscribe(hung.consumer)
    await ada.publish([told('order-1', 1)])
    await eventually(() => hung.tellings.length === 1, 'the first try')
    const next = listener('orders.worker', {}, () => new Promise(() => {}))
    await bo.subscribe(next.consumer)
    await eventually(() => next.tellings.length === 1, 'the second try')
    end.resolve()
    await eventually(() => hung.handled.length === 1, 'the late success')
    await wait(300)
    expect(await bo.consumers()).toEqual([{ name: 'orders.worker', lag: 1, parked: 0, deadLetters: 0 }])
  })

  it('drops the late failure of an owner that was overtaken', async () => {
    await using place = await share()
    await using ada = await place.open({ clock: frozen, closeMs: 1 })
    await using bo = await place.open()
    const end = Promise.withResolvers<void>()
    const hung = listener('orders.worker', { retry: { maxAttempts: 1 } }, () => end.promise)
    await ada.subscribe(hung.consumer)
    await ada.publish([told('order-1', 1)])
    await eventually(() => hung.tellings.length === 1, 'the first try')
    const next = listener('orders.worker')
    await bo.subscribe(next.consumer)
    await eventually(() => next.handled.length === 1, 'the second try')
    end.reject(new Error('too late'))
    await wait(300)
    await atRest(bo)
  })
}

function killing({ share, killed = 600 }: SharedBusContract): void {
  it('loses nothing when a worker is killed in the middle of its work, again and again', async () => {
    await using place = await share()
    const all = Array.from({ length: killed }, (_, i) => told(`s-${i % 20}`, Math.floor(i / 20) + 1))
    const publisher = await place.open()
    await publisher.publish(all)
    await publisher[Symbol.asyncDispose]()
    const handled: string[] = []
    for (const enough of [killed * 0.15, killed * 0.5, killed]) {
      const isEnough = (ids: readonly string[]): boolean => new Set([...handled, ...ids]).size >= enough
      handled.push(...(await handledBeforeKill(place.worker, isEnough)))
    }
    const ids = all.map(({ id }) => id)
    expect([...new Set(handled)].toSorted()).toEqual(ids.toSorted())
    expect(firstTellings(handled)).toEqual(firstTellings(ids))
    expect(handled.length).toBeLessThan(killed * 2)
  }, 120_000)
}

async function atRest(bus: EventBus): Promise<void> {
  const rest = [{ name: 'orders.worker', lag: 0, parked: 0, deadLetters: 0 }]
  await eventually(async () => isDeepStrictEqual(await bus.consumers(), rest), 'the consumer to be at rest')
}
