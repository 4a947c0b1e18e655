import type { DatabaseSync } from 'node:sqlite'
import { type Clock, sleep } from '../clock.ts'
import { Fault } from '../fault.ts'
import { isBusy, sqliteFault } from './fault.ts'

/**
 * Runs `work` (synchronous SQL) inside a transaction and resolves with what it returned once that is on the disk.
 * When it throws, what it wrote is rolled back, and only that.
 */
export type GroupCommit = <T>(work: () => T) => Promise<T>

export interface GroupCommitParts {
  readonly db: DatabaseSync
  readonly path: string
  readonly clock: Clock
}

interface Job {
  /** Does the work and answers what to call once it is durable. */
  readonly run: () => () => void
  readonly fail: (reason: Fault) => void
}

/** As many as share one fsync; more would keep the event loop from everything else for too long. */
const LARGEST_GROUP = 256
/** Beyond this many waiting, saying no is kinder than queueing. */
const LONGEST_QUEUE = 20_000
const LOCK_WAIT_MS = 5000
const LOCK_RETRY_MS = 20

/**
 * Work that arrives in the same turn of the event loop shares one transaction and so one fsync, each with a
 * savepoint of its own; nobody is answered before the COMMIT.
 */
export function createGroupCommit(parts: GroupCommitParts): GroupCommit {
  const group = prepareGroup(parts.db)
  const queue: Job[] = []
  let scheduled = false

  return (work) =>
    new Promise((resolve, reject) => {
      if (queue.length >= LONGEST_QUEUE)
        throw new Fault('OVERLOADED', 'Too many writes are waiting. Try again later.')
      const run = (): (() => void) => {
        const value = work()
        return () => resolve(value)
      }
      queue.push({ run, fail: reject })
      schedule()
    })

  function schedule(): void {
    if (scheduled) return
    scheduled = true
    setImmediate(() => void flush())
  }

  async function flush(): Promise<void> {
    const jobs = queue.splice(0, LARGEST_GROUP)
    const until = parts.clock.now() + LOCK_WAIT_MS
    try {
      // No await between BEGIN and COMMIT: nobody else may get at the connection meanwhile.
      while (!hasBegun(until)) await sleep(parts.clock, LOCK_RETRY_MS)
      for (const answer of runAll(jobs)) answer()
    } catch (reason) {
      const fault = sqliteFault(reason, parts.path)
      for (const job of jobs) job.fail(fault)
    }
    scheduled = false
    if (queue.length > 0) schedule()
  }

  /** False while another process holds the lock: short naps in between let reads go on. */
  function hasBegun(until: number): boolean {
    try {
      group.begin()
      return true
    } catch (reason) {
      if (!isBusy(reason) || parts.clock.now() >= until) throw reason
      return false
    }
  }

  function runAll(jobs: readonly Job[]): readonly (() => void)[] {
    try {
      const answers = jobs.map((job) => runOne(job))
      group.commit()
      return answers
    } catch (reason) {
      if (parts.db.isTransaction) group.rollback()
      throw reason
    }
  }

  function runOne(job: Job): () => void {
    group.mark()
    try {
      const answer = job.run()
      group.release()
      return answer
    } catch (reason) {
      // A full disk may have rolled back everything already: then the whole group has failed.
      if (!parts.db.isTransaction) throw reason
      group.undo()
      group.release()
      return () => job.fail(sqliteFault(reason, parts.path))
    }
  }
}

type Statement = 'begin' | 'commit' | 'rollback' | 'mark' | 'undo' | 'release'

function prepareGroup(db: DatabaseSync): Record<Statement, () => void> {
  const statement = (sql: string): (() => void) => {
    const prepared = db.prepare(sql)
    return () => void prepared.run()
  }
  return {
    begin: statement('BEGIN IMMEDIATE'),
    commit: statement('COMMIT'),
    rollback: statement('ROLLBACK'),
    mark: statement('SAVEPOINT one'),
    undo: statement('ROLLBACK TO one'),
    release: statement('RELEASE one'),
  }
}
