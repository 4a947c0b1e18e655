import { describe, expect, it } from '@jest/globals'
import type { Envelope } from '../../event.ts'
import { compilePattern, type EventPattern, eventView } from '../../event-pattern.ts'
import { told } from '../contract/bench.contract.ts'
import { chunksOf, firstById } from './chunks.ts'
import { parseMessage, putEntryBytes, toPutEntry } from './message.ts'
import { createPositions, dayOf, positionAt, timeOf } from './position.ts'
import { resourceName, rulePattern } from './rule.ts'
import { entryBatches } from './sender.ts'

const awkward = told('order-1', 7, {
  data: {
    meta: 'a field of that name',
    stoa: { sku: 'TEE' },
    price: 1.5,
    note: null,
    name: 'Ωμέγα "x" <id>',
  },
  meta: { correlationId: 'C-1', causationId: 'E-0', imported: true },
})

function logged(event: Envelope) {
  return { position: 2048, previous: 1024, sequence: 3, stream: event.stream, event }
}

/** What EventBridge makes of an entry. */
function delivered(event: Envelope, more: object = {}) {
  const entry = toPutEntry('bus', { logged: logged(event), again: false })
  return {
    id: 'of its own',
    source: entry.Source,
    'detail-type': entry.DetailType,
    time: new Date(event.at).toISOString().replace(/\.\d+Z/, 'Z'),
    resources: entry.Resources,
    detail: JSON.parse(entry.Detail ?? ''),
    ...more,
  }
}

describe('an event on its way through EventBridge', () => {
  it('arrives as it was, whatever its data are called', () => {
    const arrival = parseMessage(JSON.stringify(delivered(awkward)))
    expect(arrival).toEqual({ logged: logged(awkward), again: false })
  })

  it('says when it comes from a replay', () => {
    const body = JSON.stringify(delivered(awkward, { 'replay-name': 'monday' }))
    expect(parseMessage(body)?.replay).toBe('monday')
  })

  it('is told from what is none of ours', () => {
    const foreign = [{}, { source: 'aws.s3' }, { ...delivered(awkward), detail: { meta: {} } }, [], null, 'x']
    for (const body of [...foreign.map((value) => JSON.stringify(value)), '{', ''])
      expect(parseMessage(body)).toBeUndefined()
  })

  it('is counted as EventBridge counts', () => {
    const entry = { Time: new Date(), Source: 'abc', DetailType: 'de', Detail: '{"ä":1}', Resources: ['s-1'] }
    expect(putEntryBytes(entry)).toBe(14 + 3 + 2 + 8 + 3)
  })

  it('travels in tens and below a megabyte', () => {
    const entries = (count: number, bytes: number) =>
      Array.from({ length: count }, () => ({ Source: 's', DetailType: 't', Detail: 'x'.repeat(bytes) }))
    const cut = (count: number, bytes: number) =>
      entryBatches(entries(count, bytes), putEntryBytes, { entries: 10, bytes: 1_000_000 })
    expect(cut(25, 10).map((batch) => batch.length)).toEqual([10, 10, 5])
    expect(cut(5, 400_000).map((batch) => batch.length)).toEqual([2, 2, 1])
  })

  it('is written thirty-three at once, and below four megabytes', () => {
    const small = Array.from({ length: 70 }, (_, i) => told('order-1', i + 1))
    expect(chunksOf(small).map((chunk) => chunk.length)).toEqual([33, 33, 4])
    const large = Array.from({ length: 9 }, (_, i) =>
      told('order-1', i + 1, { data: { text: 'x'.repeat(370_000) } }),
    )
    expect(chunksOf(large).map((chunk) => chunk.length)).toEqual([8, 1])
    expect(firstById([told('a', 1), told('a', 2), told('a', 1)])).toEqual([told('a', 1), told('a', 2)])
  })
})

describe('a rule', () => {
  const plain = told('order-1', 1)

  it('leaves out what EventBridge sees otherwise', () => {
    const pattern = { id: ['order-1@1'], time: [{ prefix: '2026' }], source: ['orders'] }
    expect(JSON.parse(rulePattern(pattern))).toEqual({ source: ['orders'] })
    expect(JSON.parse(rulePattern({ id: ['order-1@1'] }))).toEqual({ source: [{ prefix: '' }] })
  })

  it.each<[string, EventPattern]>([
    ['id beside others', { id: ['order-1@1'], 'detail-type': ['OrderCreated'] }],
    ['time in one branch', { $or: [{ time: [{ prefix: '2026' }] }, { source: ['wms'] }] }],
    [
      'time beside in a branch',
      { $or: [{ time: [{ prefix: '2026' }], source: ['orders'] }, { source: ['wms'] }] },
    ],
    ['our own part of the detail', { detail: { n: [1], stoa: [{ exists: false }] } }],
    ['a stream', { resources: [{ prefix: 'order-' }] }],
  ])('matches whatever its pattern matches: %s', (_, pattern) => {
    const matches = compilePattern(pattern)
    const rule = compilePattern(JSON.parse(rulePattern(pattern)))
    expect(matches.ok && matches.value(eventView(plain))).toBe(true)
    expect(rule.ok && rule.value(delivered(plain))).toBe(true)
  })

  it('takes a field of the name $or for what it is', () => {
    const pattern = { detail: { $or: ['a', 'b'] } }
    expect(JSON.parse(rulePattern(pattern))).toEqual(pattern)
  })

  it('is not longer than EventBridge takes', () => {
    const pattern = { 'detail-type': Array.from({ length: 300 }, (_, i) => `Type${i}`) }
    expect(() => rulePattern(pattern)).toThrow(
      /has \d+ characters as a rule of EventBridge, which takes 2048/,
    )
  })

  it('has a name of its own for every consumer, short enough', () => {
    const names = ['orders.pay', 'orders-pay', 'ORDERS.pay', `orders.${'x'.repeat(100)}`].map((consumer) =>
      resourceName('stoa-prod', consumer),
    )
    expect(new Set(names).size).toBe(4)
    for (const name of names) expect(name).toMatch(/^stoa-prod-[A-Za-z0-9_-]{1,54}$/)
  })
})

describe('a position', () => {
  it('rises, whatever the clock does, and says when and on which day it was given out', () => {
    let now = Date.UTC(2026, 0, 5, 9)
    const clock = { now: () => now, schedule: () => ({ cancel: () => {} }) }
    const random = { next: () => 0.5, uuid: () => '' }
    const positions = createPositions({ clock, random })
    const first = positions.next(0)
    now -= 5000
    const second = positions.next(0)
    const third = positions.next(second + 10)
    expect([second - first, third - second]).toEqual([1, 11])
    expect(timeOf(first)).toBe(Date.UTC(2026, 0, 5, 9))
    expect(dayOf(first)).toBe(dayOf(positionAt(Date.UTC(2026, 0, 5))))
    expect(Number.isSafeInteger(positionAt(Date.UTC(2298, 0, 1)))).toBe(true)
  })
})
