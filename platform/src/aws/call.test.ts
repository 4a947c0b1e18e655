import { afterEach, describe, expect, it } from '@jest/globals'
import { metrics } from '@opentelemetry/api'
import { countFaults } from '../../test/count-faults.ts'
import type { Clock } from '../clock.ts'
import { seededRandom } from '../random.ts'
import { createRetryBudget } from '../retry-budget.ts'
import { createAwsCalls } from './call.ts'
import type { AwsService } from './errors.ts'

const service: AwsService = {
  engine: 'dynamodb',
  name: 'DynamoDB',
  away: 'STORE_UNAVAILABLE',
  known: { GoneException: { kind: 'missing_bus', code: 'BAD_CONFIG', advice: 'It is gone. Make it anew.' } },
  answers: new Set(['AnswerException']),
}

/** Whatever waits is over at once, and takes the time it asked for. */
function hastyClock(): Clock {
  let now = 1_767_600_000_000
  return {
    now: () => now,
    schedule(at, run) {
      let isCancelled = false
      setImmediate(() => {
        if (isCancelled) return
        now = Math.max(now, at)
        run()
      })
      const cancel = (): void => {
        isCancelled = true
      }
      return { cancel }
    },
  }
}

function said(name: string, more: object = {}): Error {
  return Object.assign(new Error(name), { name, $fault: 'client', $metadata: { httpStatusCode: 400 } }, more)
}

/** Fails with these in turn, then answers. */
function failing(...errors: readonly Error[]) {
  const left = [...errors]
  const sends = { count: 0 }
  const send = async (): Promise<string> => {
    sends.count += 1
    const error = left.shift()
    if (error) throw error
    return 'done'
  }
  return { send, sends }
}

function calls(options: { readonly stock?: number } = {}) {
  const clock = hastyClock()
  const budget = () => createRetryBudget({ clock, ...options, perSecond: 0, share: 0 })
  const budgets = { throttled: budget(), other: budget() }
  return createAwsCalls({ service, clock, random: seededRandom(1), budgets })
}

describe('a call to AWS', () => {
  afterEach(() => metrics.disable())

  const passing: readonly (readonly [string, Error])[] = [
    ['throttled', said('ThrottlingException')],
    ['throttled', said('ProvisionedThroughputExceededException')],
    ['throttled', said('Anything', { $metadata: { httpStatusCode: 429 } })],
    ['internal', said('InternalServerError', { $fault: 'server' })],
    ['internal', said('Anything', { $metadata: { httpStatusCode: 503 } })],
    ['timed_out', Object.assign(new Error('aborted'), { name: 'AbortError' })],
    ['timed_out', Object.assign(new Error('late'), { name: 'TimeoutError', code: 'ETIMEDOUT' })],
    ['away', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })],
    ['away', new Error('AWS SDK error wrapper for Error: read ECONNRESET')],
  ]

  it.each(passing)('is sent again when it was %s', async (_, error) => {
    const { send, sends } = failing(error, error)
    expect(await calls().call(send)).toBe('done')
    expect(sends.count).toBe(3)
  })

  it.each(passing)('is given up after eight tries: %s, a fault that may pass', async (kind, error) => {
    const counted = countFaults()
    const { send, sends } = failing(...Array.from({ length: 20 }, () => error))
    await expect(calls().call(send)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
      message: expect.stringMatching(/^DynamoDB .* Try again later\.$/),
      cause: error,
    })
    expect(sends.count).toBe(8)
    expect(counted).toEqual([{ engine: 'dynamodb', kind, code: 'STORE_UNAVAILABLE' }])
  })

  const final: readonly (readonly [kind: string, code: string, error: Error])[] = [
    ['forbidden', 'BAD_CONFIG', said('AccessDeniedException')],
    ['credentials_expired', 'BAD_CONFIG', said('ExpiredTokenException')],
    ['credentials_invalid', 'BAD_CONFIG', said('UnrecognizedClientException')],
    ['credentials_invalid', 'BAD_CONFIG', said('InvalidSignatureException')],
    [
      'credentials_missing',
      'BAD_CONFIG',
      Object.assign(new Error('no providers'), { name: 'CredentialsProviderError' }),
    ],
    ['request_refused', 'BAD_REQUEST', said('ValidationException')],
    ['unknown', 'INTERNAL', said('NeverHeardOfException')],
    ['missing_bus', 'BAD_CONFIG', said('GoneException')],
  ]

  it.each(final)('fails at once when it is %s', async (kind, code, error) => {
    const counted = countFaults()
    const { send, sends } = failing(error)
    await expect(calls().call(send)).rejects.toMatchObject({ code, retryable: false, cause: error })
    expect(sends.count).toBe(1)
    expect(counted).toEqual([{ engine: 'dynamodb', kind, code }])
  })

  it.each([
    ['RequestTimeTooSkewed', 'The difference is too large.'],
    ['InvalidSignatureException', 'Signature expired: 20260101T000000Z is now earlier than 20260101T010000Z'],
    ['InvalidSignatureException', 'Signature not yet current: 20260101T020000Z'],
  ])('is sent once more when the clock is off, by then corrected: %s', async (name, message) => {
    const skewed = said(name, { message })
    const once = failing(skewed)
    expect(await calls().call(once.send)).toBe('done')
    const counted = countFaults()
    const twice = failing(skewed, skewed)
    await expect(calls().call(twice.send)).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining('Set it by NTP'),
    })
    expect(twice.sends.count).toBe(2)
    expect(counted).toEqual([{ engine: 'dynamodb', kind: 'clock_skew', code: 'BAD_CONFIG' }])
  })

  it('hands on what the service calls an answer', async () => {
    const answer = said('AnswerException')
    await expect(calls().call(failing(answer).send)).rejects.toBe(answer)
  })

  it('makes a bug of ours a fault that is not counted as the engine’s', async () => {
    const counted = countFaults()
    const { send } = failing(new TypeError('x is not a function'))
    await expect(calls().call(send)).rejects.toMatchObject({ code: 'INTERNAL' })
    expect(counted).toEqual([])
  })

  it('shows neither accounts nor hosts of what the service said', async () => {
    const error = said('AccessDeniedException', {
      message: 'User: arn:aws:iam::123456789012:user/ada is not',
    })
    await expect(calls().call(failing(error).send)).rejects.toMatchObject({
      message: 'DynamoDB does not allow this. Check the role and its policy.',
    })
  })

  it('stops retrying when all calls together have used up the budget', async () => {
    const counted = countFaults()
    const many = calls({ stock: 10 })
    let sends = 0
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, () =>
        many.call(async () => {
          sends += 1
          throw said('ThrottlingException')
        }),
      ),
    )
    expect(results.every(({ status }) => status === 'rejected')).toBe(true)
    expect(sends).toBe(60)
    expect(counted.filter(({ kind }) => kind === 'retry_budget_spent')).toHaveLength(50)
    expect(await many.mayRepeat(1)).toBe(false)
    const { send } = failing(said('InternalServerError', { $fault: 'server' }))
    expect(await many.call(send)).toBe('done')
  })

  it('ends a try that gets no answer', async () => {
    let aborted = 0
    const silent = (signal: AbortSignal): Promise<never> =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          aborted += 1
          reject(Object.assign(new Error('aborted'), { name: 'AbortError' }))
        })
      })
    await expect(calls().call(silent)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    // Three seconds each: the fourth begins within ten.
    expect(aborted).toBe(4)
  })
})
