import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { itemBytes } from '../../test/item-bytes.ts'
import { toWrites } from './dynamo/items.ts'
import { tableNames } from './dynamo/tables.ts'
import { eventBytes, MAX_WRITER_BYTES, rowBytes } from './item-size.ts'
import { prepareTransaction } from './prepared-transaction.ts'

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).filter((one) => one.isWellFormed())
const time = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })

describe('the size of an item', () => {
  it.each([
    ['an empty text', { a: { S: '' } }, 1],
    ['a name in UTF-8', { é: { S: 'x' } }, 3],
    ['a text in UTF-8', { a: { S: '🔑' } }, 5],
    ['a flag', { flag: { BOOL: true } }, 5],
    ['nothing', { a: { NULL: true } }, 2],
    ['a number of one digit', { n: { N: '7' } }, 3],
    ['a number of two digits', { n: { N: '42' } }, 3],
    ['a number of three digits', { n: { N: '123' } }, 4],
    ['a negative number', { n: { N: '-42' } }, 4],
    ['zeros at the end, which are free', { n: { N: '1200' } }, 3],
    ['a list', { l: { L: [{ S: 'ab' }, { N: '1' }] } }, 1 + 3 + 2 + 2 + 2],
    ['a map', { m: { M: { k: { S: 'v' } } } }, 1 + 3 + 1 + 1 + 1],
    ['an order row', { home: { S: 'orders#O-1' }, sort: { S: '.order' }, v: { N: '3' } }, 14 + 10 + 3],
  ])('by the rules of DynamoDB: %s', (_, item, size) => {
    expect(itemBytes(item)).toBe(size)
  })

  it('of an event is never below what DynamoDB counts, and hardly above', () => {
    fc.assert(
      fc.property(fc.record({ stream: text, id: text, type: text, at: time, data: text }), (sample) => {
        const { stream, id, type, at, data } = sample
        const event = { id, type, at, data: { data }, meta: { correlationId: 'C-1' } }
        const prepared = prepareTransaction({ appends: [{ stream, expectedVersion: 9, events: [event] }] })
        const [counted, checked] = [itemBytes(put(prepared)), sizes(prepared)]
        expect(checked - counted).toBeGreaterThanOrEqual(0)
        expect(checked - counted).toBeLessThanOrEqual(40)
      }),
    )
  })

  it('of a row is never below what DynamoDB counts, and hardly above', () => {
    fc.assert(
      fc.property(fc.record({ table: text, partition: text, sort: text, time, value: text }), (sample) => {
        const { table, partition, sort, time: expiresAt, value } = sample
        const prepared = prepareTransaction({
          rows: [{ table, partition, sort, value: { value }, expiresAt }],
        })
        const [counted, checked] = [itemBytes(put(prepared)), sizes(prepared)]
        expect(checked - counted).toBeGreaterThanOrEqual(0)
        expect(checked - counted).toBeLessThanOrEqual(40)
      }),
    )
  })
})

type Prepared = ReturnType<typeof prepareTransaction>

/** The item as it will stand in its table. */
function put(prepared: Prepared): Parameters<typeof itemBytes>[0] {
  const [only] = toWrites(tableNames('t-'), prepared, 1_767_600_000_123)
  if (only?.write.Put?.Item) return only.write.Put.Item
  const { Key = {}, ExpressionAttributeValues: values = {} } = only?.write.Update ?? {}
  const { ':value': value = { S: '' }, ':expires': expires = { N: '0' } } = values
  // Who wrote it is counted at its longest.
  return { ...Key, v: { N: '1' }, value, expires, by: { S: 'w'.repeat(MAX_WRITER_BYTES) } }
}

function sizes({ appends, rows }: Prepared): number {
  const events = appends.flatMap(({ stream, events: all }) => all.map((event) => eventBytes(stream, event)))
  return [...events, ...rows.map(rowBytes)].reduce((sum, size) => sum + size, 0)
}
