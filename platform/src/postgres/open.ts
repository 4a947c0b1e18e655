import { type Clock, sleep } from '../clock.ts'
import { countEngineFault } from '../engine-fault.ts'
import type { Log } from '../log.ts'
import type { Random } from '../random.ts'
import { createRetryBudget } from '../retry-budget.ts'
import { type Bell, openBell } from './bell.ts'
import { errorCode, isAnswer, postgresFault, readPostgresError } from './errors.ts'
import { openPool, openSession, type PoolOptions } from './pool.ts'

export interface PostgresOptions extends PoolOptions {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

/** One database by a pool of connections. Every wait has an end; failures that pass are met by trying again. */
export interface Postgres extends AsyncDisposable {
  /** One statement, read or safe to repeat. Throws faults. */
  run(statement: Statement, values?: readonly SqlValue[]): Promise<readonly SqlRow[]>
  /**
   * Work on one connection, again from the start after what passes. `isRepeat`: an earlier try may have been done,
   * only its answer got lost. Throws faults, and as they are the errors whose SQLSTATE is in `answers`.
   */
  call<T>(work: Work<T>, answers?: readonly string[]): Promise<T>
  /** The same in one transaction. */
  transaction<T>(work: Work<T>): Promise<T>
  /** Work on one connection, once; a transaction it begins it must end. Throws what the client throws. */
  once<T>(work: (session: Session) => Promise<T>): Promise<T>
  readonly bell: Bell
}

export type Work<T> = (session: Session, isRepeat: boolean) => Promise<T>

export interface Session {
  run(statement: Statement, values?: readonly SqlValue[]): Promise<readonly SqlRow[]>
}

export interface Statement {
  /** Unique in the database: the server parses and plans a named statement once per connection. */
  readonly name?: string
  readonly text: string
  /** When we give up on the answer, in milliseconds. Default: two seconds after the server should have. */
  readonly withinMs?: number
}

export type SqlValue = string | number | boolean | null | readonly (string | number | null)[]
export type SqlRow = Readonly<Record<string, unknown>>

const TRIES = 8
const CALL_MS = 10_000
const FIRST_PAUSE_MS = 10
const LONGEST_PAUSE_MS = 800

export function openPostgres(options: PostgresOptions): Postgres {
  const { clock, log } = options
  const pool = openPool(options)
  pool.on('error', (reason) => log.debug({ code: errorCode(reason) }, 'an idle connection was lost'))
  const budget = createRetryBudget(options)
  const bell = openBell({ ...options, pool })
  const underWay = createGate()

  async function once<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const client = await pool.connect()
    try {
      const result = await work(openSession(client))
      client.release()
      return result
    } catch (reason) {
      // What may still be at work must not be met by the next one.
      client.release(!isAnswer(reason))
      throw reason
    }
  }

  async function call<T>(work: Work<T>, answers: readonly string[] = []): Promise<T> {
    budget.earn()
    const until = clock.now() + CALL_MS
    let isRepeat = false
    underWay.enter()
    try {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once((session) => work(session, isRepeat))
        } catch (reason) {
          if (answers.includes(errorCode(reason))) throw reason
          isRepeat = isLost(reason, attempt < TRIES && clock.now() < until) || isRepeat
        }
        await postgresPause(options, attempt)
      }
    } finally {
      underWay.leave()
    }
  }

  /** Whether it may have been done all the same. Throws the fault when it is not worth another try. */
  function isLost(reason: unknown, hasTime: boolean): boolean {
    const again = readPostgresError(reason)?.again ?? 'no'
    if (again === 'no' || !hasTime || !spend()) throw postgresFault(reason)
    return again === 'lost'
  }

  function spend(): boolean {
    if (budget.spend()) return true
    countEngineFault('postgres', 'retry_budget_spent', 'STORE_UNAVAILABLE')
    return false
  }

  return {
    once,
    call,
    bell,
    run: (statement, values) => call((session) => session.run(statement, values)),
    transaction: (work) => call((session, isRepeat) => inTransaction(session, () => work(session, isRepeat))),
    async [Symbol.asyncDispose]() {
      await bell[Symbol.asyncDispose]()
      await underWay.empty()
      if (!pool.ending) await pool.end()
    },
  }
}

/** Full jitter: many who lost their connection at one moment must not come back at one moment. */
function postgresPause(
  ports: { readonly clock: Clock; readonly random: Random },
  attempt: number,
): Promise<void> {
  const ceiling = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt)
  return sleep(ports.clock, Math.ceil(ports.random.next() * ceiling))
}

async function inTransaction<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.run({ text: 'BEGIN' })
  try {
    const result = await work()
    await session.run({ text: 'COMMIT' })
    return result
  } catch (reason) {
    if (isAnswer(reason)) await session.run({ text: 'ROLLBACK' })
    throw reason
  }
}

interface Gate {
  enter(): void
  leave(): void
  /** Resolves when all who entered have left. */
  empty(): Promise<void>
}

function createGate(): Gate {
  let inside = 0
  let onEmpty = (): void => {}
  return {
    enter() {
      inside += 1
    },
    leave() {
      inside -= 1
      if (inside === 0) onEmpty()
    },
    empty: () =>
      new Promise((resolve) => {
        onEmpty = resolve
        if (inside === 0) resolve()
      }),
  }
}
