import { describe, expect, it } from '@jest/globals'
import { Fault, faultCodes, toFault } from './fault.ts'

describe('a fault', () => {
  it('has a code, a message, its cause, and knows whether trying again may help', () => {
    const cause = new Error('socket')
    const fault = new Fault('STORE_UNAVAILABLE', 'The store is away.', { cause })
    expect(fault).toMatchObject({ name: 'Fault', code: 'STORE_UNAVAILABLE', retryable: true, cause })
    expect(new Fault('DISK_FULL', 'Full.').retryable).toBe(false)
    expect(new Fault('STORE_UNAVAILABLE', 'Closed.', { retryable: false }).retryable).toBe(false)
    expect('cause' in new Fault('INTERNAL', 'x')).toBe(false)
  })

  it('has codes in alphabetical order, each once', () => {
    expect(faultCodes).toEqual([...new Set(faultCodes)].sort())
  })
})

describe('whatever was thrown', () => {
  it('stays the fault it is', () => {
    const fault = new Fault('NOT_FOUND', 'No such order.')
    expect(toFault(fault)).toBe(fault)
  })

  it.each([
    ['ENOSPC', 'DISK_FULL'],
    ['ECONNREFUSED', 'UPSTREAM_UNAVAILABLE'],
    ['ETIMEDOUT', 'DEADLINE_EXCEEDED'],
    ['EROFS', 'READ_ONLY_STORE'],
    ['ESOMETHING', 'INTERNAL'],
  ])('with the code %s is %s', (code, expected) => {
    const reason = Object.assign(new Error('from the system'), { code })
    expect(toFault(reason)).toMatchObject({ code: expected, message: 'from the system', cause: reason })
  })

  it.each([['a text'], [undefined], [null], [42], [{ code: 7 }]])('even %j becomes a fault', (reason) => {
    expect(toFault(reason).code).toBe('INTERNAL')
  })
})
