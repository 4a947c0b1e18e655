import { describe, expect, it } from '@jest/globals'
import { createBreaker } from './breaker.ts'
import { createVirtualClock } from './clock.virtual.ts'
import { Fault, type FaultCode } from './fault.ts'

function failing(code: FaultCode): () => Promise<never> {
  return () => Promise.reject(new Fault(code, 'no'))
}

describe('a breaker', () => {
  it('refuses at once after five faults in a row, and tries once more after a pause', async () => {
    const clock = createVirtualClock()
    const breaker = createBreaker({ clock, name: 'payment' })
    let asked = 0
    const ask = (): Promise<unknown> =>
      breaker.run(() => failing('UPSTREAM_UNAVAILABLE')().finally(() => asked++))
    for (let i = 0; i < 8; i++) await expect(ask()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    expect(asked).toBe(5)
    clock.advance(1_000)
    for (let i = 0; i < 8; i++) await expect(ask()).rejects.toMatchObject({ retryable: true })
    expect(asked).toBe(6)
  })

  it('closes with the first answer', async () => {
    const clock = createVirtualClock()
    const breaker = createBreaker({ clock, name: 'payment', failures: 1 })
    await expect(breaker.run(failing('DEADLINE_EXCEEDED'))).rejects.toMatchObject({ retryable: true })
    clock.advance(1_000)
    expect(await breaker.run(() => Promise.resolve('paid'))).toBe('paid')
    expect(await breaker.run(() => Promise.resolve('paid'))).toBe('paid')
  })

  it('does not count a fault that is an answer: they are alive and say no', async () => {
    const breaker = createBreaker({ clock: createVirtualClock(), name: 'payment', failures: 1 })
    for (let i = 0; i < 3; i++) {
      await expect(breaker.run(failing('UPSTREAM_INVALID'))).rejects.toMatchObject({
        code: 'UPSTREAM_INVALID',
      })
    }
    expect(await breaker.run(() => Promise.resolve('paid'))).toBe('paid')
  })
})
