import { describe, expect, it } from '@jest/globals'
import { compilePattern, type EventPattern } from '../event-pattern.ts'
import type { Json } from '../json.ts'

/** For each leaf element: values that match, values that do not. */
const table: readonly (readonly [element: Json, yes: readonly Json[], no: readonly Json[]])[] = [
  ['x', ['x', ['y', 'x']], ['X', 'xx', 1, null, {}, []]],
  [300, [300, 3e2, [1, 300]], ['300', 301]],
  [true, [true], ['true', false, 1]],
  [null, [null], [0, '', 'null', {}]],
  [{ exactly: 'x' }, ['x'], ['xx']],
  [{ prefix: 'ab' }, ['ab', 'abc'], ['Abc', 'xab', 1]],
  [{ prefix: '' }, ['', 'x'], [1, null]],
  [{ prefix: { 'equals-ignore-case': 'aB' } }, ['ABc', 'abc'], ['ba']],
  [{ suffix: 'yz' }, ['xyz', 'yz'], ['yzx', 'YZ']],
  [{ suffix: { 'equals-ignore-case': 'Yz' } }, ['xYZ'], ['yzx']],
  [{ 'equals-ignore-case': 'straße' }, ['STRASSE', 'Straße'], ['stras']],
  [{ 'equals-ignore-case': 'ΣΑΣ' }, ['σας', 'σασ'], []],
  [{ wildcard: 'a*c' }, ['ac', 'abc', 'a*c', 'acbc'], ['abcd', 'xac', 'a', 'c']],
  [{ wildcard: '*' }, ['', 'x'], [1]],
  [{ wildcard: 'a*a' }, ['aa', 'aba'], ['a']],
  [{ wildcard: '*ab*ab' }, ['abab', 'xabyab'], ['ab', 'aab']],
  [{ wildcard: 'a\\*b\\\\c' }, ['a*b\\c'], ['axb\\c', 'a\\*b\\\\c']],
  [{ wildcard: 'plain' }, ['plain'], ['plainer']],
  [{ numeric: ['=', 5] }, [5, 5.0], [5.1, '5']],
  [{ numeric: ['>', 0, '<=', 5] }, [0.1, 5, [-1, 3]], [0, 5.0001, '3']],
  [{ numeric: ['<', 0] }, [-0.5], [0]],
  [{ numeric: ['>=', 1e300] }, [1e300], [1]],
  [
    { cidr: '10.0.0.0/24' },
    ['10.0.0.0', '10.0.0.255'],
    ['10.0.1.0', '10.0.0.256', '::ffff:10.0.0.1', 'x', 1],
  ],
  [{ cidr: '10.0.0.7/24' }, ['10.0.0.1'], ['10.0.1.7']],
  [{ cidr: '0.0.0.0/0' }, ['8.8.8.8'], ['::1']],
  [
    { cidr: '2001:db8::/32' },
    ['2001:db8::1', '2001:0DB8:ffff::'],
    ['2001:db9::', '10.0.0.1', 'fe80::1%eth0'],
  ],
  [{ cidr: '::1/128' }, ['::1', '0:0:0:0:0:0:0:1'], ['::2']],
  [{ exists: true }, ['x', 0, null, false, [1]], [[], {}, { a: 1 }]],
  [{ exists: false }, [[], {}, { a: 1 }], ['x', 0, null, [1]]],
  [{ 'anything-but': 'x' }, ['y', 1, null, ['x', 'y']], ['x', ['x'], [], {}]],
  [{ 'anything-but': 5 }, [6, '5'], [5]],
  [{ 'anything-but': true }, [false, 'x'], [true]],
  [{ 'anything-but': null }, ['x', 0], [null]],
  [{ 'anything-but': ['x', 'y'] }, ['z'], ['x', 'y']],
  [{ 'anything-but': [1, 2] }, [3], [1, 2]],
  [{ 'anything-but': { prefix: 'x' } }, ['yx', 5], ['xy']],
  [{ 'anything-but': { suffix: ['x', 'y'] } }, ['z'], ['ax', 'ay']],
  [{ 'anything-but': { 'equals-ignore-case': ['x'] } }, ['y'], ['X', 'x']],
  [{ 'anything-but': { wildcard: '*/lib/*' } }, ['/bin/x'], ['/usr/lib/x']],
]

describe('leaf elements', () => {
  for (const [element, yes, no] of table) {
    it(`${JSON.stringify(element)} takes what it names and nothing else`, () => {
      const compiled = compilePattern({ f: [element] })
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.error))
      for (const value of yes) expect([value, compiled.value({ f: value })]).toEqual([value, true])
      for (const value of no) expect([value, compiled.value({ f: value })]).toEqual([value, false])
    })
  }

  it('are alternatives to one another, a missing field among them', () => {
    const compiled = compilePattern({ f: ['x', { prefix: 'y' }, { exists: false }] })
    if (!compiled.ok) throw new Error('bad pattern')
    expect([{ f: 'x' }, { f: 'yy' }, {}, { f: 'z' }].map(compiled.value)).toEqual([true, true, true, false])
  })

  it('match a long text against many stars in no time', () => {
    const compiled = compilePattern({ f: [{ wildcard: `${'a*'.repeat(100)}b` }] })
    if (!compiled.ok) throw new Error('bad pattern')
    expect(compiled.value({ f: 'a'.repeat(100_000) })).toBe(false)
  })
})

describe('bad patterns', () => {
  const bad: readonly (readonly [pattern: unknown, path: string, message: string])[] = [
    [[], '', 'Expected a pattern object'],
    [{}, '', 'Empty objects match nothing'],
    [{ a: {} }, 'a', 'Empty objects match nothing'],
    [{ a: [] }, 'a', 'Empty arrays match nothing'],
    [{ a: { b: 'x' } }, 'a.b', 'Expected an array of values or an object, got "x"'],
    [{ a: null }, 'a', 'got null'],
    [{ a: [['x']] }, 'a[0]', 'got ["x"]'],
    [{ a: ['x', { like: 'y' }] }, 'a[1]', 'Unknown operator "like". Use one of anything-but, cidr'],
    [{ a: [{ toString: 'y' }] }, 'a[0]', 'Unknown operator "toString"'],
    [{ a: [{ regex: 'y' }] }, 'a[0]', 'reserved for the future'],
    [{ a: [{}] }, 'a[0]', 'exactly one operator'],
    [{ a: [{ prefix: 'x', suffix: 'y' }] }, 'a[0]', 'exactly one operator'],
    [{ a: [{ exists: 'yes' }] }, 'a[0]', 'Expected "exists" to be true or false, got "yes"'],
    [{ a: [{ prefix: 5 }] }, 'a[0].prefix', 'Expected a string or'],
    [{ a: [{ suffix: { prefix: 'x' } }] }, 'a[0].suffix', 'Expected a string or'],
    [{ a: [{ 'equals-ignore-case': 1 }] }, 'a[0].equals-ignore-case', 'Expected a string'],
    [{ a: [{ exactly: 1 }] }, 'a[0].exactly', 'Expected a string'],
    [{ a: [{ wildcard: 'a**b' }] }, 'a[0].wildcard', 'Two stars in a row'],
    [{ a: [{ wildcard: 'a\\b' }] }, 'a[0].wildcard', 'after a backslash'],
    [{ a: [{ wildcard: 'a\\' }] }, 'a[0].wildcard', 'after a backslash'],
    [{ a: [{ wildcard: 5 }] }, 'a[0].wildcard', 'Expected a string'],
    [{ a: [{ numeric: ['>'] }] }, 'a[0].numeric', 'Expected [operator, number]'],
    [{ a: [{ numeric: 5 }] }, 'a[0].numeric', 'Expected [operator, number]'],
    [{ a: [{ numeric: ['!=', 5] }] }, 'a[0].numeric', 'Expected one of > >= < <= =, got "!="'],
    [{ a: [{ numeric: ['>', '5'] }] }, 'a[0].numeric', 'Expected a number after ">", got "5"'],
    [{ a: [{ numeric: ['<', 5, '>', 1] }] }, 'a[0].numeric', 'Expected one of > >=, got "<"'],
    [{ a: [{ numeric: ['>', 5, '<', 5] }] }, 'a[0].numeric', 'the lower bound below the upper one'],
    [{ a: [{ cidr: '10.0.0.0' }] }, 'a[0].cidr', 'address block'],
    [{ a: [{ cidr: '10.0.0.0/33' }] }, 'a[0].cidr', 'address block'],
    [{ a: [{ cidr: '2001:db8::/129' }] }, 'a[0].cidr', 'address block'],
    [{ a: [{ cidr: '10.0.0.0/8/8' }] }, 'a[0].cidr', 'address block'],
    [{ a: [{ 'anything-but': ['x', 1] }] }, 'a[0].anything-but', 'only strings or only numbers'],
    [{ a: [{ 'anything-but': [] }] }, 'a[0].anything-but', 'only strings or only numbers'],
    [{ a: [{ 'anything-but': [true] }] }, 'a[0].anything-but', 'only strings or only numbers'],
    [{ a: [{ 'anything-but': { numeric: ['=', 1] } }] }, 'a[0].anything-but', 'Expected exactly one of'],
    [{ a: [{ 'anything-but': { prefix: '' } }] }, 'a[0].anything-but.prefix', 'not empty'],
    [{ a: [{ 'anything-but': { wildcard: 'x**' } }] }, 'a[0].anything-but.wildcard', 'Two stars in a row'],
    [{ $or: [{ a: [1] }, {}] }, '$or[1]', 'Empty objects match nothing'],
    [{ $or: [{ a: [1] }] }, '$or[0]', 'Unknown operator "a"'],
    [{ $or: [{ a: 1 }, { b: [2] }] }, '$or[0].a', 'Expected an array of values'],
    [{ a: ['x'.repeat(3000)] }, '', 'at most 2048 characters, got 3010'],
  ]

  for (const [pattern, path, message] of bad) {
    it(`${JSON.stringify(pattern).slice(0, 60)} is refused at "${path}"`, () => {
      // Patterns come from outside too; the compiler must say what is wrong with anything.
      const compiled = compilePattern(pattern as EventPattern)
      expect(compiled).toEqual({
        ok: false,
        error: expect.arrayContaining([
          { code: 'BAD_PATTERN', path, message: expect.stringContaining(message) },
        ]),
      })
    })
  }

  it('are told everything that is wrong at once', () => {
    const compiled = compilePattern({ a: [], b: [{ like: 1 }], c: { d: [{ numeric: [] }] } })
    expect(compiled.ok ? [] : compiled.error.map(({ path }) => path)).toEqual(['a', 'b[0]', 'c.d[0].numeric'])
  })

  it('are refused when they multiply out too far or hold too many stars', () => {
    const or = Array.from({ length: 11 }, (_, i) => ({ [`f${i}`]: [1] }))
    const nested = { a: { $or: or }, b: { $or: or }, c: { $or: or } }
    expect(compilePattern(nested)).toMatchObject({
      ok: false,
      error: [{ message: expect.stringContaining('1000 combinations') }],
    })
    const stars = { a: [{ wildcard: '*x'.repeat(600) }] }
    expect(compilePattern(stars)).toMatchObject({
      ok: false,
      error: [{ message: expect.stringContaining('Too complex') }],
    })
    expect(compilePattern(stars, { maxComplexity: 10_000 }).ok).toBe(true)
  })
})

describe('`$or`', () => {
  it('holds when one side does, nested too, and beside other fields', () => {
    const compiled = compilePattern({ s: ['x'], $or: [{ a: [1] }, { b: { $or: [{ c: [2] }, { d: [3] }] } }] })
    if (!compiled.ok) throw new Error('bad pattern')
    const events = [{ s: 'x', a: 1 }, { s: 'x', b: { c: 2 } }, { s: 'x', b: { d: 3 } }, { s: 'x' }, { a: 1 }]
    expect(events.map(compiled.value)).toEqual([true, true, true, false, false])
  })

  it('is an ordinary field when its array holds values or operators', () => {
    const values = compilePattern({ $or: ['x', 'y'] })
    const operators = compilePattern({ $or: [{ prefix: 'x' }, { suffix: 'y' }] })
    if (!values.ok || !operators.ok) throw new Error('bad pattern')
    expect([
      values.value({ $or: 'y' }),
      operators.value({ $or: 'xa' }),
      operators.value({ $or: 'a' }),
    ]).toEqual([true, true, false])
  })
})
