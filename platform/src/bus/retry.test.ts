import { describe, expect, it } from '@jest/globals'
import { Fault, type FaultCode } from '../fault.ts'
import type { Random } from '../random.ts'
import { defaultRetry, nextStep } from './retry.ts'

const highest: Random = { next: () => 0.999_999, uuid: () => 'U' }
const lowest: Random = { next: () => 0, uuid: () => 'U' }

function failure(attempts: number, code: FaultCode = 'UPSTREAM_UNAVAILABLE', ageMs = 0) {
  return { fault: new Fault(code, 'no'), attempts, firstAt: 1_000_000 - ageMs, now: 1_000_000 }
}

describe('what follows a failed try', () => {
  it('is a pause that doubles up to its ceiling, anything from 1 ms to all of it', () => {
    const pauses = [1, 2, 3, 11, 12, 13, 184].map((attempts) =>
      nextStep(defaultRetry, failure(attempts), highest),
    )
    const expected = [200, 400, 800, 204_800, 300_000, 300_000, 300_000]
    expect(pauses).toEqual(expected.map((ms) => ({ kind: 'retry', at: 1_000_000 + ms })))
    expect(nextStep(defaultRetry, failure(12), lowest)).toEqual({ kind: 'retry', at: 1_000_001 })
  })

  it('is the end after 185 tries, or when the next one would come after 24 hours', () => {
    expect(nextStep(defaultRetry, failure(185), lowest)).toEqual({ kind: 'dead', exhausted: 'attempts' })
    const day = 24 * 3_600_000
    expect(nextStep(defaultRetry, failure(9, 'INTERNAL', day), lowest)).toEqual({
      kind: 'dead',
      exhausted: 'age',
    })
    expect(nextStep(defaultRetry, failure(9, 'INTERNAL', day - 1), lowest).kind).toBe('retry')
  })

  it('is the end at once for what is wrong with the event itself', () => {
    for (const code of ['BAD_REQUEST', 'BAD_SCHEMA'] as const) {
      expect(nextStep(defaultRetry, failure(1, code), lowest)).toEqual({
        kind: 'dead',
        exhausted: 'not_retryable',
      })
    }
    for (const code of ['INTERNAL', 'NOT_FOUND', 'FORBIDDEN', 'DISK_FULL', 'UPSTREAM_INVALID'] as const) {
      expect(nextStep(defaultRetry, failure(1, code), lowest).kind).toBe('retry')
    }
    const stubborn = { ...failure(1), fault: new Fault('BAD_REQUEST', 'no', { retryable: true }) }
    expect(nextStep(defaultRetry, stubborn, lowest).kind).toBe('retry')
  })
})
