import { describe, expect, it } from '@jest/globals'
import type { RowQuery } from '../../table-store.ts'
import { type OpenBench, row, write } from './parts.contract.ts'

const shelf = { table: 'goods', partition: 'shelf' }

export function rowsContract(open: OpenBench): void {
  describe('rows', () => {
    it('gives back what was written and counts the writes', async () => {
      await using bench = await open()
      await write(bench.store, row('x', { price: { minor: 1999, currency: 'EUR' }, list: [true, null, 1.5] }))
      await write(bench.store, row('x', { price: { minor: 1799, currency: 'EUR' } }))
      const value = { price: { minor: 1799, currency: 'EUR' } }
      expect(await bench.store.get(row('x'))).toEqual({ ...shelf, sort: 'x', version: 2, value })
    })

    it('keeps rows of other tables and partitions apart', async () => {
      await using bench = await open()
      await write(
        bench.store,
        row('x'),
        { ...row('x', { n: 1 }), table: 'other' },
        { ...row('x', { n: 2 }), partition: 'p' },
      )
      expect((await bench.store.get({ ...row('x'), table: 'other' }))?.value).toEqual({ n: 1 })
      expect((await bench.store.get({ ...row('x'), partition: 'p' }))?.value).toEqual({ n: 2 })
      expect((await bench.store.query({ ...shelf, limit: 10 })).rows).toHaveLength(1)
    })

    it('does not confuse a/b + c with a + b/c', async () => {
      await using bench = await open()
      await write(bench.store, { table: 'a/b', partition: 'c', sort: 's', value: {} })
      expect(await bench.store.get({ table: 'a', partition: 'b/c', sort: 's' })).toBeUndefined()
    })

    it('deletes a row without a value and starts its version again', async () => {
      await using bench = await open()
      await write(bench.store, row('x'), row('y'))
      await write(bench.store, { ...shelf, sort: 'x' }, { ...shelf, sort: 'never-there' })
      expect(await bench.store.get(row('x'))).toBeUndefined()
      await write(bench.store, row('x'))
      expect((await bench.store.get(row('x')))?.version).toBe(1)
    })

    it('writes only what is absent, or at the version, when told so', async () => {
      await using bench = await open()
      const conflict = { ok: false, error: { code: 'CONFLICT', on: ['goods/shelf/x'] } }
      const tryWrite = (expectation: NonNullable<ReturnType<typeof row>['expect']>, remove = false) =>
        bench.store.commit({
          rows: [{ ...shelf, sort: 'x', ...(remove ? {} : { value: {} }), expect: expectation }],
        })
      expect(await tryWrite({ version: 1 })).toEqual(conflict)
      expect((await tryWrite('absent')).ok).toBe(true)
      expect(await tryWrite('absent')).toEqual(conflict)
      expect((await tryWrite({ version: 1 })).ok).toBe(true)
      expect(await tryWrite({ version: 1 })).toEqual(conflict)
      expect((await tryWrite('any')).ok).toBe(true)
      expect(await tryWrite({ version: 2 }, true)).toEqual(conflict)
      expect(await tryWrite('absent', true)).toEqual(conflict)
      expect((await tryWrite({ version: 3 }, true)).ok).toBe(true)
      expect((await tryWrite('absent', true)).ok).toBe(true)
    })

    it('lets exactly one of fifty claims of an absent row through', async () => {
      await using bench = await open()
      const claims = Array.from({ length: 50 }, (_, i) =>
        bench.store.commit({ rows: [row('last-unit', { winner: i }, { expect: 'absent' })] }),
      )
      expect((await Promise.all(claims)).filter((claim) => claim.ok)).toHaveLength(1)
    })

    it('counts every one of twenty unconditional writes at once', async () => {
      await using bench = await open()
      const writes = Array.from({ length: 20 }, (_, i) => bench.store.commit({ rows: [row('x', { i })] }))
      const written = (await Promise.all(writes)).filter((outcome) => outcome.ok).length
      expect((await bench.store.get(row('x')))?.version).toBe(written)
    })

    it('still has a row that has not expired', async () => {
      await using bench = await open()
      await write(bench.store, row('x', {}, { expiresAt: Date.now() + 3_600_000 }))
      expect(await bench.store.get(row('x'))).toBeDefined()
    })

    it('gets many in the order asked for, repeats and gaps included', async () => {
      await using bench = await open()
      const sorts = Array.from({ length: 230 }, (_, i) => `k${i}`)
      for (let i = 0; i < 230; i += 100)
        await write(bench.store, ...sorts.slice(i, i + 100).map((sort) => row(sort)))
      const asked = ['k7', 'none', 'k7', ...sorts.toReversed()]
      const found = await bench.store.getMany(asked.map((sort) => ({ ...shelf, sort })))
      expect(found.map((one) => one?.sort)).toEqual(asked.map((sort) => (sort === 'none' ? undefined : sort)))
      expect(await bench.store.getMany([])).toEqual([])
    })
  })

  describe('queries', () => {
    const keys = ['', 'Z', 'a', 'a#1', 'a#2', 'a#3', 'b', 'é', '～', '😀', '😀b']
    const cases: readonly [title: string, query: Partial<RowQuery>, expected: readonly string[]][] = [
      ['all by UTF-8 bytes', {}, keys],
      ['all backwards', { descending: true }, keys.toReversed()],
      ['a prefix', { prefix: 'a#' }, ['a#1', 'a#2', 'a#3']],
      ['a prefix backwards', { prefix: 'a#', descending: true }, ['a#3', 'a#2', 'a#1']],
      ['a prefix beyond U+FFFF', { prefix: '😀' }, ['😀', '😀b']],
      ['after a key', { after: 'a#3' }, ['b', 'é', '～', '😀', '😀b']],
      ['after a key that is not there', { after: 'aa' }, ['b', 'é', '～', '😀', '😀b']],
      ['after a key, backwards', { after: 'a', descending: true }, ['Z', '']],
      ['after the empty key', { after: '', prefix: 'a' }, ['a', 'a#1', 'a#2', 'a#3']],
      ['after a key inside a prefix', { prefix: 'a#', after: 'a#1' }, ['a#2', 'a#3']],
      ['after a key inside a prefix, backwards', { prefix: 'a#', after: 'a#2', descending: true }, ['a#1']],
      ['after a key before the prefix', { prefix: 'a#', after: 'Z' }, ['a#1', 'a#2', 'a#3']],
      ['after a key past the prefix', { prefix: 'a#', after: 'b' }, []],
      [
        'after a key past the prefix, backwards',
        { prefix: 'a#', after: 'b', descending: true },
        ['a#3', 'a#2', 'a#1'],
      ],
      ['after a key before the prefix, backwards', { prefix: 'a#', after: 'Z', descending: true }, []],
      ['a prefix nobody has', { prefix: 'q' }, []],
      ['another partition', { partition: 'floor' }, []],
    ]

    it('answers each of these in order, whole and page by page', async () => {
      await using bench = await open()
      await write(bench.store, ...keys.toReversed().map((sort) => row(sort)))
      const run = async (query: Partial<RowQuery>, limit: number) => {
        const page = await bench.store.query({ ...shelf, ...query, limit })
        return { sorts: page.rows.map((found) => found.sort), next: page.next }
      }
      for (const [title, query, expected] of cases) {
        expect({ title, ...(await run(query, 100)) }).toEqual({ title, sorts: expected, next: undefined })
        const walked: string[] = []
        let after = query.after
        do {
          const page = await run(after === undefined ? query : { ...query, after }, 2)
          expect(page.sorts.length).toBeLessThanOrEqual(2)
          walked.push(...page.sorts)
          after = page.next
        } while (after !== undefined)
        expect({ title, walked }).toEqual({ title, walked: expected })
      }
    })

    it('does not promise a next page when the last one is full', async () => {
      await using bench = await open()
      await write(bench.store, row('a'), row('b'))
      expect((await bench.store.query({ ...shelf, limit: 2 })).next).toBeUndefined()
      expect((await bench.store.query({ ...shelf, limit: 1 })).next).toBe('a')
    })
  })
}
