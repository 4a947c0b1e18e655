import { describe, expect, it } from '@jest/globals'
import { told } from '../contract/bench.contract.ts'
import type { LoggedEvent } from './items.ts'
import { toV2Entry, v2Batches, v2Result, v2StartPosition } from './v2.ts'

function logged(version: number): LoggedEvent {
  const event = told('order-1', version)
  return { position: 1000 + version, previous: 999 + version, sequence: version, stream: event.stream, event }
}

describe('the mapping to the custom event bus', () => {
  it('makes the stream the group and the id the key of repeats', () => {
    expect(toV2Entry(logged(2))).toMatchObject({
      Source: 'orders',
      DetailType: 'OrderCreated',
      EventGroupId: 'order-1',
      DeduplicationId: 'order-1@2',
    })
  })

  it('sends hundreds, in order', () => {
    const entries = Array.from({ length: 250 }, (_, i) => toV2Entry(logged(i + 1)))
    const batches = v2Batches(entries)
    expect(batches.map((batch) => batch.length)).toEqual([100, 100, 50])
    expect(batches.flat()).toEqual(entries)
    expect(v2Batches([])).toEqual([])
  })

  it('begins at the end or with the bus', () => {
    expect(v2StartPosition('latest', 5)).toEqual({ Type: 'LATEST' })
    const beginning = { Type: 'POINT_IN_TIME', Timestamp: new Date(5) }
    expect(v2StartPosition('earliest', 5)).toEqual(beginning)
    expect(v2StartPosition(undefined, 5)).toEqual(beginning)
  })

  it('takes a repeat that was left out for sent', () => {
    expect(v2Result({ Status: 'PUBLISHED' })).toEqual({})
    expect(v2Result({ Status: 'DEDUPLICATED' })).toEqual({})
    expect(v2Result({ ErrorCode: 'ThrottlingException', ErrorMessage: 'slow' })).toEqual({
      errorCode: 'ThrottlingException',
      errorMessage: 'slow',
    })
    expect(v2Result({})).toEqual({ errorCode: 'InternalException' })
  })
})
