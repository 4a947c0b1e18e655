import { describe, expect, it } from '@jest/globals'
import type { Append, EventStore, Transaction } from '../../event-store.ts'
import type { JsonObject } from '../../json.ts'
import type { RowWrite } from '../../table-store.ts'
import { append, appendTo, newEvent, type OpenBench, row, write } from './parts.contract.ts'

const badRequest = { name: 'Fault', code: 'BAD_REQUEST' }

export function limitsContract(open: OpenBench): void {
  describe('limits', () => {
    it('takes 100 events and rows in one transaction', async () => {
      await using bench = await open()
      const rows = Array.from({ length: 40 }, (_, i) => row(`r${i}`))
      const committed = await bench.store.commit({
        appends: [appendTo('a', 0, 30), appendTo('b', 0, 30)],
        rows,
      })
      expect(committed).toEqual({ ok: true, value: { versions: [30, 30] } })
    })

    const cyclic: Record<string, unknown> = {}
    cyclic['self'] = cyclic
    const refused: readonly [string, Transaction][] = [
      [
        '101 items',
        { appends: [appendTo('a', 0, 60)], rows: Array.from({ length: 41 }, (_, i) => row(`r${i}`)) },
      ],
      ['a stream twice', { appends: [appendTo('a', 0), appendTo('a', 1)] }],
      ['a row twice', { rows: [row('x'), row('x')] }],
      ['an append without events', { appends: [{ stream: 'a', expectedVersion: 0, events: [] }] }],
      ['version -1', { appends: [appendTo('a', -1)] }],
      ['version 1.5', { appends: [appendTo('a', 1.5)] }],
      ['row version 0', { rows: [row('x', {}, { expect: { version: 0 } })] }],
      ['an empty stream name', { appends: [appendTo('', 0)] }],
      ['an empty table name', { rows: [{ ...row('x'), table: '' }] }],
      ['a half character in a key', { rows: [row('\ud800')] }],
      ['a key of 1,001 bytes', { rows: [row('k'.repeat(1001))] }],
      ['a table name of 251 bytes', { rows: [{ ...row('x'), table: 't'.repeat(251) }] }],
      // A caller without types: the store must not write half of it.
      ['a circle', { rows: [row('x', cyclic as JsonObject)] }],
    ]

    it.each(refused)('refuses %s', async (_, transaction) => {
      await using bench = await open()
      await expect(bench.store.commit(transaction)).rejects.toMatchObject(badRequest)
    })

    it.each([[0], [1001], [-1], [1.5], [Number.NaN]])('refuses a limit of %d', async (limit) => {
      await using bench = await open()
      await expect(bench.store.load('s', { limit })).rejects.toMatchObject(badRequest)
      await expect(bench.store.query({ table: 't', partition: 'p', limit })).rejects.toMatchObject(badRequest)
    })

    it('keeps what it took even when the caller changes it afterwards', async () => {
      await using bench = await open()
      const data = { list: [1] }
      const committing = bench.store.commit({
        appends: [{ stream: 's', expectedVersion: 0, events: [newEvent(data)] }],
        rows: [row('x', data)],
      })
      data.list.push(2)
      await committing
      expect((await bench.store.load('s'))[0]?.data).toEqual({ list: [1] })
      expect((await bench.store.get(row('x')))?.value).toEqual({ list: [1] })
    })

    it('keeps what it has even when a reader changes what was handed out', async () => {
      await using bench = await open()
      await write(bench.store, row('x', { list: [1] }))
      await append(bench.store, { stream: 's', expectedVersion: 0, events: [newEvent({ list: [1] })] })
      vandalise((await bench.store.get(row('x')))?.value)
      vandalise((await bench.store.load('s'))[0]?.data)
      expect((await bench.store.get(row('x')))?.value).toEqual({ list: [1] })
      expect((await bench.store.load('s'))[0]?.data).toEqual({ list: [1] })
    })

    it.each([
      ['__proto__'],
      ['constructor'],
      ['ключ 鍵 🔑'],
      ["'; DROP TABLE events; --"],
      ['a\0b'],
      ['%_*'],
    ])('treats %j as an ordinary name', async (name) => {
      await using bench = await open()
      await expectOrdinary(bench.store, name)
    })
  })
}

async function expectOrdinary(store: EventStore, name: string): Promise<void> {
  const value: JsonObject = JSON.parse(`{${JSON.stringify(name)}: {"inner": 1}}`)
  const stored: RowWrite = { table: name, partition: name, sort: name, value }
  const appended: Append = { stream: name, expectedVersion: 0, events: [newEvent(value, name)] }
  expect((await store.commit({ appends: [appended], rows: [stored] })).ok).toBe(true)
  expect(JSON.stringify((await store.get(stored))?.value)).toBe(JSON.stringify(value))
  expect((await store.load(name))[0]).toMatchObject({ stream: name, type: name, version: 1 })
  expect((await store.query({ table: name, partition: name, prefix: name, limit: 1 })).rows).toHaveLength(1)
  expect(await store.get({ ...stored, sort: `${name}x` })).toBeUndefined()
  expect(await store.load(name.slice(0, 1))).toEqual([])
}

/** Frozen objects throw in strict mode: then there is nothing to fear either. */
function vandalise(value: JsonObject | undefined): void {
  try {
    if (value) Object.assign(value, { list: 'gone' })
  } catch {}
}
