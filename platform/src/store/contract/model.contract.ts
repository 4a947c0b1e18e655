import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { StoreBench } from '../../event-store.contract.ts'
import type { EventStore, Transaction } from '../../event-store.ts'
import { rowName } from '../../event-store.ts'
import type { RowWrite } from '../../table-store.ts'
import { newEvent, type OpenBench } from './parts.contract.ts'

/** What a store is, said as simply as possible. */
interface Model {
  readonly streams: Map<string, number>
  readonly rows: Map<string, { readonly version: number; readonly n: number }>
}

interface Step {
  readonly appends: readonly {
    readonly stream: string
    readonly expectedVersion: number
    readonly count: number
  }[]
  readonly rows: readonly RowStep[]
}

interface RowStep {
  readonly sort: string
  readonly n: number | undefined
  readonly expect: 'any' | 'absent' | number
}

const streamNames = ['a', 'b', '__proto__']
const sortKeys = ['k', 'k1', '😀']

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    appends: fc.uniqueArray(
      fc.record({
        stream: fc.constantFrom(...streamNames),
        expectedVersion: fc.integer({ min: 0, max: 4 }),
        count: fc.integer({ min: 1, max: 3 }),
      }),
      { maxLength: 2, selector: (append) => append.stream },
    ),
    rows: fc.uniqueArray(
      fc.record({
        sort: fc.constantFrom(...sortKeys),
        n: fc.option(fc.nat(), { nil: undefined }),
        expect: fc.oneof(
          fc.constant('any' as const),
          fc.constant('absent' as const),
          fc.integer({ min: 1, max: 3 }),
        ),
      }),
      { maxLength: 2, selector: (row) => row.sort },
    ),
  }),
  { minLength: 1, maxLength: 15 },
)

export function modelContract(open: OpenBench, numRuns: number): void {
  describe('random histories', () => {
    it('agree with the model after every step', async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (history) => {
          await using bench: StoreBench = await open()
          const model: Model = { streams: new Map(), rows: new Map() }
          for (const step of history) {
            const committed = await bench.store.commit(toTransaction(step))
            const wrong = applyToModel(model, step)
            expect(committed.ok).toBe(wrong.length === 0)
            // An engine may stop looking at the first of them.
            if (!committed.ok) expect(wrong).toEqual(expect.arrayContaining([...committed.error.on]))
          }
          await expectSame(bench.store, model)
        }),
        { numRuns },
      )
    })
  })
}

function toTransaction(step: Step): Transaction {
  return {
    appends: step.appends.map(({ stream, expectedVersion, count }) => ({
      stream,
      expectedVersion,
      events: Array.from({ length: count }, () => newEvent()),
    })),
    rows: step.rows.map(toWrite),
  }
}

function toWrite({ sort, n, expect: expected }: RowStep): RowWrite {
  const key = {
    table: 't',
    partition: 'p',
    sort,
    expect: typeof expected === 'number' ? { version: expected } : expected,
  }
  return n === undefined ? key : { ...key, value: { n } }
}

/** Which names are not as expected; when none, the step is applied. */
function applyToModel(model: Model, step: Step): readonly string[] {
  const late = step.appends.filter((one) => (model.streams.get(one.stream) ?? 0) !== one.expectedVersion)
  const changed = step.rows.filter((row) => !holds(model, row))
  const wrong = [...late.map((one) => one.stream), ...changed.map((row) => rowName(toWrite(row)))]
  if (wrong.length > 0) return wrong
  for (const { stream, expectedVersion, count } of step.appends)
    model.streams.set(stream, expectedVersion + count)
  for (const { sort, n } of step.rows) {
    if (n === undefined) model.rows.delete(sort)
    else model.rows.set(sort, { version: (model.rows.get(sort)?.version ?? 0) + 1, n })
  }
  return []
}

function holds(model: Model, row: RowStep): boolean {
  if (row.expect === 'any') return true
  return model.rows.get(row.sort)?.version === (row.expect === 'absent' ? undefined : row.expect)
}

async function expectSame(store: EventStore, model: Model): Promise<void> {
  for (const stream of streamNames) {
    const versions = (await store.load(stream)).map((event) => event.version)
    expect(versions).toEqual(Array.from({ length: model.streams.get(stream) ?? 0 }, (_, i) => i + 1))
  }
  const { rows } = await store.query({ table: 't', partition: 'p', limit: 10 })
  const expected = sortKeys.flatMap((sort) => {
    const row = model.rows.get(sort)
    return row ? [{ sort, version: row.version, value: { n: row.n } }] : []
  })
  expect(rows.map(({ sort, version, value }) => ({ sort, version, value }))).toEqual(expected)
}
