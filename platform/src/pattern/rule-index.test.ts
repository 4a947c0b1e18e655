import { describe, expect, it } from '@jest/globals'
import { compilePattern, type EventPattern } from '../event-pattern.ts'
import { createRuleIndex } from './rule-index.ts'

const event = {
  id: 'E-1',
  type: 'OrderCreated',
  at: 0,
  stream: 'order-1',
  version: 1,
  source: 'orders',
  data: { total: 5 },
  meta: { correlationId: 'C-1' },
}

describe('the rule index', () => {
  it('finds exactly the rules that match, whatever they are filed under', () => {
    const rules: Readonly<Record<string, EventPattern>> = {
      type: { 'detail-type': ['OrderCreated', 'OrderCreated', 'OrderCancelled'] },
      typeAndMore: { 'detail-type': ['OrderCreated'], detail: { total: [5] } },
      typeAndWrong: { 'detail-type': ['OrderCreated'], detail: { total: [6] } },
      otherType: { 'detail-type': ['StockReserved'] },
      source: { source: ['orders'] },
      both: { source: ['orders'], 'detail-type': ['OrderCreated'] },
      bothWrong: { source: ['wms'], 'detail-type': ['OrderCreated'] },
      otherSource: { source: ['wms'] },
      prefix: { 'detail-type': ['Nothing', { prefix: 'Order' }] },
      detail: { detail: { total: [{ exists: true }] } },
      or: { $or: [{ 'detail-type': ['X'] }, { source: ['orders'] }] },
    }
    const index = createRuleIndex<string>()
    for (const [name, pattern] of Object.entries(rules)) {
      const compiled = compilePattern(pattern)
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.error))
      index.add({ pattern, matches: compiled.value }, name)
    }
    expect(index.match(event).toSorted()).toEqual([
      'both',
      'detail',
      'or',
      'prefix',
      'source',
      'type',
      'typeAndMore',
    ])
    for (const name of ['type', 'source', 'detail']) index.remove(name)
    expect(index.match(event).toSorted()).toEqual(['both', 'or', 'prefix', 'typeAndMore'])
  })

  it('does not call matchers of rules filed under another type or source', () => {
    const index = createRuleIndex<number>()
    let calls = 0
    const matches = (): boolean => {
      calls += 1
      return true
    }
    for (let i = 0; i < 300; i++)
      index.add({ pattern: { 'detail-type': [`Type${i}`], detail: { n: [i] } }, matches }, i)
    expect(index.match({ ...event, type: 'Type7' })).toEqual([7])
    expect(calls).toBe(1)
  })
})
