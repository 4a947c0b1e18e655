import { type Committed, type Conflict, rowName } from '../../event-store.ts'
import { errorCode } from '../../postgres/errors.ts'
import type { Postgres, Session, SqlValue, Statement } from '../../postgres/open.ts'
import type { Random } from '../../random.ts'
import { err, ok, type Result } from '../../result.ts'
import type { PreparedAppend, PreparedRow, PreparedTransaction } from '../prepared-transaction.ts'

/** Raised by the function when it must undo what it has written. */
const LOST_RACE = 'ST001'

export type CommitToPostgres = (transaction: PreparedTransaction) => Promise<Result<Committed, Conflict>>

/**
 * One call of one function, one round trip. The token is written with what is committed: when an answer gets lost
 * the same is sent again, and the function finds what it did before.
 */
export function prepareCommit(parts: {
  readonly database: Postgres
  readonly schema: string
  readonly random: Random
}): CommitToPostgres {
  const { database, schema, random } = parts
  const statement: Statement = {
    name: `${schema}.commit_1`,
    text: `SELECT ${schema}.commit_1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) AS wrong`,
  }

  return async (transaction) => {
    const answer = ok({
      versions: transaction.appends.map((append) => append.expectedVersion + append.events.length),
    })
    if (transaction.appends.length + transaction.rows.length === 0) return answer
    const sorted = inOrder(transaction)
    const [token, values] = [random.uuid(), valuesOf(sorted)]
    const wrong = await database
      .call((session, isRepeat) => commit(session, statement, [token, isRepeat, ...values]), [LOST_RACE])
      .catch(readLostRace)
    return wrong.length === 0 ? answer : err({ code: 'CONFLICT', on: namesOf(sorted, wrong) })
  }
}

async function commit(
  session: Session,
  statement: Statement,
  values: readonly SqlValue[],
): Promise<readonly number[]> {
  const [row] = await session.run(statement, values)
  // Declared so by the function.
  return row?.['wrong'] as readonly number[]
}

function readLostRace(reason: unknown): readonly number[] {
  const isLostRace = errorCode(reason) === LOST_RACE && typeof reason === 'object' && reason !== null
  if (isLostRace && 'detail' in reason) return String(reason.detail).split(',').map(Number)
  throw reason
}

/** The order in which locks are taken: the same in every process. */
function inOrder({ appends, rows }: PreparedTransaction): PreparedTransaction {
  return {
    appends: appends.length < 2 ? appends : appends.toSorted((a, b) => order(a.stream, b.stream)),
    rows: rows.length < 2 ? rows : rows.toSorted(byKey),
  }
}

function byKey(a: PreparedRow, b: PreparedRow): number {
  return order(a.table, b.table) || order(a.partition, b.partition) || order(a.sort, b.sort)
}

function order(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function valuesOf({ appends, rows }: PreparedTransaction): readonly SqlValue[] {
  const events = appends.flatMap((append) => append.events)
  return [
    appends.map((append) => append.stream),
    appends.map((append) => append.expectedVersion),
    appends.flatMap((append) => append.events.map(() => append.stream)),
    appends.flatMap((append) => append.events.map((_, i) => append.expectedVersion + i + 1)),
    events.map((event) => event.id),
    events.map((event) => event.type),
    events.map((event) => event.at),
    events.map((event) => event.data),
    events.map((event) => event.meta),
    rows.map((row) => row.table),
    rows.map((row) => row.partition),
    rows.map((row) => row.sort),
    rows.map(expectedOf),
    rows.map((row) => row.value ?? null),
    rows.map((row) => row.expiresAt ?? null),
  ]
}

/** 0 stands for no row, null for anything. */
function expectedOf({ expect }: PreparedRow): number | null {
  if (expect === 'any') return null
  return expect === 'absent' ? 0 : expect.version
}

/** Numbers from 1: first the streams, then the rows. */
function namesOf({ appends, rows }: PreparedTransaction, wrong: readonly number[]): readonly string[] {
  const names = [...appends.map((append: PreparedAppend) => append.stream), ...rows.map(rowName)]
  return names.filter((_, i) => wrong.includes(i + 1))
}
