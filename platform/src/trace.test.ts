import { describe, expect, it } from '@jest/globals'
import { trace } from '@opentelemetry/api'
import { seededRandom, systemRandom } from './random.ts'
import { inSpan } from './trace.ts'
import { childTraceparent, formatTraceparent, newTraceparent, parseTraceparent } from './traceparent.ts'

const header = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

describe('a traceparent header', () => {
  it('is read and written unchanged', () => {
    const parent = parseTraceparent(header)
    expect(parent).toEqual({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
      sampled: true,
    })
    expect(parent && formatTraceparent(parent)).toBe(header)
  })

  it('of a later version is read as far as it is known', () => {
    expect(parseTraceparent(`cc${header.slice(2)}-what-comes-later`)?.spanId).toBe('00f067aa0ba902b7')
  })

  it.each([
    [undefined],
    [''],
    ['hello'],
    [header.toUpperCase()],
    [`${header}-more`],
    [`ff${header.slice(2)}`],
    ['00-00000000000000000000000000000000-00f067aa0ba902b7-01'],
    ['00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01'],
  ])('such as %j is nobody’s parent', (text) => {
    expect(parseTraceparent(text)).toBeUndefined()
  })

  it('of a child keeps the trace and has a span of its own', () => {
    const child = childTraceparent(header, systemRandom)
    expect(child).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/)
    expect(child).not.toBe(header)
  })

  it('is made fresh when the parent is broken, and again the same from the same seed', () => {
    expect(parseTraceparent(childTraceparent('junk', systemRandom))).toBeDefined()
    for (let i = 0; i < 1000; i++) expect(parseTraceparent(newTraceparent(systemRandom))).toBeDefined()
    expect(newTraceparent(seededRandom(7))).toBe(newTraceparent(seededRandom(7)))
  })
})

describe('a span', () => {
  it('hands on what the work answers, or why it failed', async () => {
    expect(await inSpan({ name: 'checkout', attributes: { market: 'IT' } }, async () => 42)).toBe(42)
    const failing = inSpan({ name: 'checkout', traceparent: header }, () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
  })

  it('belongs to the trace it was handed', async () => {
    const seen = await inSpan({ name: 'checkout', traceparent: header }, async () => trace.getActiveSpan())
    // Without an SDK there is no context to carry it; nothing must break.
    expect(seen).toBeUndefined()
  })
})
