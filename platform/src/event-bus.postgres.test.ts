import { turns } from './bus/contract/bench.contract.ts'
import { eventBusContract } from './event-bus.contract.ts'
import { openPostgresBus } from './event-bus.postgres.ts'
import { describePostgres } from './postgres/bench.contract.ts'
import type { Postgres } from './postgres/open.ts'

/** On a virtual clock nobody else comes near, and looking every few milliseconds would only take time. */
const alone = { pollMs: 1e12, leaseMs: 4e12 }

describePostgres('on PostgreSQL', (bench) => {
  const traffic = countTraffic()

  eventBusContract({
    name: 'the PostgreSQL bus',
    durable: true,
    runs: 8,
    settle: traffic.settle,
    async place() {
      const [database, schema] = [bench.connect(), bench.schema()]
      const watched = traffic.watch(database)
      return {
        open: (options) => openPostgresBus({ ...options, ...alone, database: watched, schema }),
        [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
      }
    },
  })
})

/** Counts what is on its way to the database, so that a test can wait until nothing is. */
function countTraffic(): { watch(database: Postgres): Postgres; settle(): Promise<void> } {
  let underWay = 0

  function counted<Args extends readonly unknown[], T>(
    work: (...args: Args) => Promise<T>,
  ): (...args: Args) => Promise<T> {
    return async (...args) => {
      underWay += 1
      try {
        return await work(...args)
      } finally {
        underWay -= 1
      }
    }
  }

  return {
    watch: (database) => ({
      ...database,
      run: counted(database.run),
      call: (work, answers) => counted(() => database.call(work, answers))(),
      transaction: (work) => counted(() => database.transaction(work))(),
    }),
    async settle() {
      for (let quiet = 0; quiet < 5; quiet = underWay === 0 ? quiet + 1 : 0) await turns()
    },
  }
}
