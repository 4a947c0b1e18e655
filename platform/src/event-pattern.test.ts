import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { naiveMatches } from '../test/naive-matcher.ts'
import { compilePattern, type EventPattern, eventView } from './event-pattern.ts'
import type { Json, JsonObject } from './json.ts'

/** Derived from the rules by hand: array consistency, intersection of value arrays, and no value in an empty array. */
const expected: Readonly<Record<string, boolean>> = {
  'flat: 2-field exists, both present': true,
  'flat: 2-field exists, one missing': false,
  'flat: exact match': true,
  'flat: exact mismatch': false,
  'flat: prefix': true,
  'flat: numeric range': true,
  'flat: anything-but': true,
  'objarray: same element': true,
  'objarray: split': false,
  'objarray: 3 elem, last valid': true,
  'objarray: 3-field, all in one': true,
  'objarray: 3-field, split 3 ways': false,
  'objarray: exact same elem': true,
  'objarray: exact split': false,
  'objarray: prefix same': true,
  'objarray: prefix split': false,
  'primarray: exists': true,
  'primarray: exact match': true,
  'primarray: no match': false,
  'nested: inner same': true,
  'nested: inner split': false,
  'nested: outer split': false,
  'nested: outer same': true,
  'nested2: same leaf': true,
  'nested2: split leaf': false,
  'mixed: array+scalar match': true,
  'mixed: array+scalar fail': false,
  'exists-false: absent': true,
  'exists-false: present': false,
  'empty object': false,
  'empty array': false,
  'single-field rule': true,
  'many elem one valid': true,
  'numeric+exists array': true,
  'anything-but array': true,
  'primarray: large + scalar, exists': true,
  'primarray: large + scalar, prefix': true,
  'primarray: large + scalar, no match': false,
  'primarray: nested under object': true,
  'primarray: two prim arrays + scalar': true,
  'primarray: exact match among many': true,
  'primarray: numeric in array': true,
  'primarray: anything-but in array': true,
  'primarray: single value array': true,
  'primarray: empty prim array': false,
  'mixed: obj-array + prim-array': true,
  'mixed: obj-array split + prim-array': false,
  'deep prim: nested 3 levels': true,
  'suffix match in array': true,
  'N emails, only last element has name — dedup loses the only valid match': true,
  'suffix match split': false,
}

interface Case {
  readonly name: string
  readonly rule: EventPattern
  readonly event: JsonObject
}

// Data published with event-ruler; it lies beside the checkout, not in it.
const file = new URL('../../../shared/contracts/eventbridge-pattern-cases.json', import.meta.url)
const cases: readonly Case[] = JSON.parse(readFileSync(file, 'utf8'))

function matches(pattern: EventPattern, event: JsonObject): boolean {
  const compiled = compilePattern(pattern)
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error))
  return compiled.value(event)
}

describe("event-ruler's own cases", () => {
  it('are all judged here', () => {
    expect(cases.map(({ name }) => name).toSorted()).toEqual(Object.keys(expected).toSorted())
  })

  for (const { name, rule, event } of cases) {
    it(`${name}: ${expected[name] ? 'a match' : 'no match'}`, () => {
      expect(matches(rule, event)).toBe(expected[name])
      expect(naiveMatches(rule, event)).toBe(expected[name])
    })
  }
})

describe('arrays', () => {
  it('of people match only when one person has both names', () => {
    const pattern = { who: { first: ['Anna'], last: ['Jones'] } }
    const people = (...names: [string, string][]): JsonObject => ({
      who: names.map(([first, last]) => ({ first, last })),
    })
    expect(matches(pattern, people(['Anna', 'Smith'], ['Bob', 'Jones']))).toBe(false)
    expect(matches(pattern, people(['Anna', 'Smith'], ['Anna', 'Jones']))).toBe(true)
  })

  it('inside arrays are looked into, but not without end', () => {
    expect(matches({ a: { x: [1] } }, { a: [[{ x: 2 }], [[{ x: 1 }]]] })).toBe(true)
    expect(matches({ a: [1] }, { a: [[0], [[1]]] })).toBe(true)
    let deep: Json = [1]
    for (let i = 0; i < 100_000; i++) deep = [deep]
    expect(matches({ a: [1] }, { a: deep })).toBe(false)
    expect(matches({ a: { x: [1] } }, { a: deep })).toBe(false)
  })

  it('hold consistency between a field and the `$or` beside it', () => {
    const pattern = { d: { a: [1] }, $or: [{ d: { b: [2] } }, { e: [3] }] }
    expect(matches(pattern, { d: [{ a: 1 }, { b: 2 }] })).toBe(false)
    expect(matches(pattern, { d: [{ a: 1, b: 2 }] })).toBe(true)
    expect(matches(pattern, { d: [{ a: 1 }], e: 3 })).toBe(true)
  })

  it('satisfy `exists: false` when the chosen element lacks the field, or no element has it', () => {
    expect(matches({ d: { a: [1], b: [{ exists: false }] } }, { d: [{ a: 1 }, { b: 2 }] })).toBe(true)
    expect(matches({ d: { b: [{ exists: false }] } }, { d: [{ a: 1 }, { b: 2 }] })).toBe(false)
    expect(matches({ d: { b: [{ exists: false }] } }, { d: [{ a: 1 }, 5] })).toBe(true)
  })
})

describe('the view of an event', () => {
  it('is shaped as EventBridge shapes it', () => {
    const event = {
      id: 'E-1',
      type: 'OrderCreated',
      at: Date.UTC(2026, 0, 5, 9),
      stream: 'order-O-1',
      version: 1,
      source: 'orders',
      data: { orderId: 'O-1' },
      meta: { correlationId: 'C-1' },
    }
    expect(eventView(event)).toEqual({
      id: 'E-1',
      source: 'orders',
      'detail-type': 'OrderCreated',
      time: '2026-01-05T09:00:00.000Z',
      resources: ['order-O-1'],
      detail: { orderId: 'O-1', meta: { correlationId: 'C-1' } },
    })
  })
})

const field = fc.constantFrom('a', 'b')
const text = fc.constantFrom('', 'x', 'xy', 'Xy', 'yx', 'x*y', 'xyxy')
const scalar: fc.Arbitrary<Json> = fc.oneof(
  text,
  fc.integer({ min: -1, max: 3 }),
  fc.boolean(),
  fc.constant(null),
)

const events = fc.letrec<{ object: JsonObject; value: Json }>((tie) => ({
  object: fc.dictionary(field, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(scalar, { maxLength: 3 }),
    tie('object'),
    fc.array(fc.oneof(tie('object'), scalar), { maxLength: 3 }),
  ),
}))

const notEmpty = text.filter((one) => one !== '')
const wildcard = fc
  .array(fc.constantFrom('x', 'y', '*', '\\*', 'xy'), { maxLength: 5 })
  .map((parts) => parts.join(''))
  .filter((one) => !/(^|[^\\])\*\*/.test(one))
const element: fc.Arbitrary<Json> = fc.oneof(
  scalar,
  fc.record({ exists: fc.boolean() }),
  fc.record({ prefix: fc.oneof(text, fc.record({ 'equals-ignore-case': text })) }),
  fc.record({ suffix: fc.oneof(text, fc.record({ 'equals-ignore-case': text })) }),
  fc.record({ 'equals-ignore-case': text }),
  fc.record({ wildcard }),
  fc.constantFrom<Json[]>(['>', 0], ['<=', 2], ['=', 1], ['>=', 0, '<', 3]).map((numeric) => ({ numeric })),
  fc
    .oneof(
      scalar,
      fc.array(notEmpty, { minLength: 1, maxLength: 3 }),
      fc.record({ prefix: notEmpty }),
      fc.record({ suffix: fc.array(notEmpty, { minLength: 1, maxLength: 2 }) }),
    )
    .map((but) => ({ 'anything-but': but })),
)

const patterns = fc.letrec<{ object: JsonObject; rule: Json; or: JsonObject }>((tie) => ({
  rule: fc.oneof({ depthSize: 'small' }, fc.array(element, { minLength: 1, maxLength: 3 }), tie('object')),
  or: fc.array(tie('object'), { minLength: 2, maxLength: 3 }).map((choices) => ({ $or: choices })),
  object: fc.oneof(
    { depthSize: 'small' },
    fc.dictionary(field, tie('rule'), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
    fc
      .tuple(fc.dictionary(field, tie('rule'), { minKeys: 1, maxKeys: 2, noNullPrototype: true }), tie('or'))
      .map(([one, or]) => ({ ...one, ...or })),
  ),
}))

const rounds = fc.tuple(patterns.object, fc.array(events.object, { minLength: 1, maxLength: 8 }))

describe('the compiled matcher', () => {
  it('agrees with trying every combination of values', () => {
    fc.assert(
      fc.property(rounds, ([pattern, list]) => {
        const compiled = compilePattern(asPattern(pattern), { maxLength: 1e6, maxComplexity: 1e5 })
        fc.pre(compiled.ok)
        for (const event of list) expect(compiled.value(event)).toBe(naiveMatches(pattern, event))
      }),
      { numRuns: 800 },
    )
  })

  // The seed is fixed, as the next statement is about the generators alone: no draw may fail it by chance.
  it('is asked about patterns that match and patterns that do not', () => {
    const answers = fc
      .sample(rounds, { seed: 1, numRuns: 800 })
      .flatMap(([pattern, list]) => list.map((event) => naiveMatches(pattern, event)))
    const matched = answers.filter(Boolean).length
    expect(Math.min(matched, answers.length - matched)).toBeGreaterThan(100)
  })
})

function asPattern(pattern: JsonObject): EventPattern {
  // Generated as a pattern above; JSON has no type for it.
  return pattern as EventPattern
}
