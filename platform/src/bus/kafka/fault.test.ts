import { describe, expect, it } from '@jest/globals'
import { MultipleErrors, NetworkError, ProtocolError, ResponseError } from '@platformatic/kafka'
import { Fault } from '../../fault.ts'
import { kafkaFault } from './fault.ts'

/** As the client wraps what one partition of a produce request was answered with, tried three times. */
function answered(id: string): Error {
  const response = new ResponseError(0, 11, {}, {}, { cause: new ProtocolError(id) })
  return new MultipleErrors('produce failed 3 times.', [response, response, response])
}

describe('what the Kafka client throws', () => {
  it('becomes a fault that says what to do', () => {
    const expected = [
      ['NOT_LEADER_OR_FOLLOWER', 'STORE_UNAVAILABLE', 'no leader'],
      ['NOT_ENOUGH_REPLICAS', 'STORE_UNAVAILABLE', 'too few replicas'],
      ['MESSAGE_TOO_LARGE', 'BAD_REQUEST', 'max.message.bytes'],
      ['TOPIC_AUTHORIZATION_FAILED', 'FORBIDDEN', 'allow Read, Write'],
      ['GROUP_AUTHORIZATION_FAILED', 'FORBIDDEN', 'on our groups'],
      ['SASL_AUTHENTICATION_FAILED', 'UNAUTHENTICATED', 'credentials'],
      ['INVALID_TIMESTAMP', 'BAD_CONFIG', 'time server'],
      ['OFFSET_OUT_OF_RANGE', 'STORE_CORRUPT', 'retention.ms'],
      ['UNKNOWN_TOPIC_OR_PARTITION', 'STORE_UNAVAILABLE', 'not there any more'],
    ] as const
    for (const [id, code, says] of expected) {
      expect(kafkaFault(answered(id))).toMatchObject({ code, message: expect.stringContaining(says) })
    }
  })

  it('keeps hosts and the words of the client in the cause', () => {
    const reason = new NetworkError('Connection to broker.internal:9092 failed.')
    const fault = kafkaFault(reason)
    expect(fault).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true, cause: reason })
    expect(fault.message).toBe('Kafka does not answer. Try again.')
  })

  it('stays what it is when it is a fault already', () => {
    const fault = new Fault('BAD_REQUEST', 'no')
    expect(kafkaFault(fault)).toBe(fault)
  })
})
