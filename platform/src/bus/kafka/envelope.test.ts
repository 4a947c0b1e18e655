import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Envelope } from '../../event.ts'
import { told } from '../contract/bench.contract.ts'
import { envelopeOf, recordOf } from './envelope.ts'
import { planTopics } from './plan.ts'
import type { KafkaRead, KafkaRecord } from './record.ts'

/** What the broker makes of a record. */
function readOf({ key, value, headers }: KafkaRecord): KafkaRead {
  const texts = [...headers].map(([name, text]) => [name.toString(), text.toString()] as const)
  return { offset: 0, key: key.toString(), value, headers: new Map(texts) }
}

const text = fc.string({ unit: 'grapheme', minLength: 1 })
const envelope: fc.Arbitrary<Envelope> = fc.record({
  id: text,
  type: text,
  at: fc.integer({ min: -8.64e15, max: 8.64e15 }),
  stream: text,
  version: fc.nat(),
  source: text,
  data: fc.dictionary(
    text.filter((name) => name !== '__proto__'),
    fc.jsonValue(),
  ),
  meta: fc.record(
    {
      correlationId: text,
      causationId: text,
      traceparent: text,
      imported: fc.constant(true as const),
    },
    { requiredKeys: ['correlationId'] },
  ),
}) as fc.Arbitrary<Envelope>

describe('an event as a record of Kafka', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(envelope, (event) => {
        expect(envelopeOf(readOf(recordOf(event, 0)))).toEqual(JSON.parse(JSON.stringify(event)))
      }),
    )
  })

  it('has a time that the broker takes: its own, or ours when it lies in the future or before 1970', () => {
    const now = Date.UTC(2026, 0, 5)
    expect(recordOf(told('order-1', 1, { at: now - 5 }), now).timestamp).toBe(now - 5)
    expect(recordOf(told('order-1', 1, { at: now + 86_400_000 }), now).timestamp).toBe(now)
    expect(recordOf(told('order-1', 1, { at: -1 }), now).timestamp).toBe(now)
  })

  it('is none without an identity, a time or an object of data', () => {
    const good = readOf(recordOf(told('order-1', 1), 0))
    for (const name of ['ce_id', 'ce_type', 'ce_source', 'ce_subject', 'ce_time']) {
      const headers = new Map([...good.headers].filter(([key]) => key !== name))
      expect(envelopeOf({ ...good, headers })).toBeUndefined()
    }
    for (const value of [undefined, Buffer.from('x'), Buffer.from('[]'), Buffer.from('null')]) {
      expect(envelopeOf({ ...good, value })).toBeUndefined()
    }
  })
})

describe('the partitions of Kafka', () => {
  it("are chosen as Java's own client chooses them, apart for identity events", () => {
    const { partitionOf, partitions } = planTopics({ partitions: 12, identityPartitions: 3 })
    // What org.apache.kafka.common.utils.Utils.murmur2 answers, by Kafka's own UtilsTest.
    const hashes = {
      '21': -973_932_308,
      foobar: -790_332_482,
      'a-little-bit-long-string': -985_981_536,
      abc: 479_470_107,
    }
    for (const [stream, hash] of Object.entries(hashes)) {
      expect(partitionOf(told(stream, 1))).toBe((hash & 0x7fffffff) % 12)
    }
    const identity = partitions[partitionOf(told('customer-CU-1', 1, { source: 'identity' }))]
    expect(identity?.topic).toBe('stoa.identity')
  })
})
