import type { Clock } from '@stoa/platform/clock'
import { MAX_POPULAR } from '../domain/taste.ts'
import type { Neighbour } from '../ports.ts'
import type { GremlinConnection } from './connection.ts'
import { keyOfVertex } from './graph-model.ts'
import { readRows } from './read-answers.ts'
import { bestSellers } from './read-traversals.ts'

export type BestSellers = (first: number, category?: string) => Promise<readonly Neighbour[]>

interface Remembered {
  readonly until: number
  readonly sellers: Promise<readonly Neighbour[]>
}

/** Categories remembered; the one asked for longest ago is forgotten first. */
const MOST_CATEGORIES = 500

/** Best sellers, remembered for a while: many who ask at once cost one look at all products. */
export function rememberBestSellers(options: {
  readonly connection: GremlinConnection
  readonly clock: Clock
  readonly forMs: number
}): BestSellers {
  const { connection, clock, forMs } = options
  const remembered = new Map<string | undefined, Remembered>()

  function look(category: string | undefined): Promise<readonly Neighbour[]> {
    const sellers = askSellers(connection, category)
    remembered.set(category, { until: clock.now() + forMs, sellers })
    // Failures are nothing to remember.
    sellers.catch(() => remembered.delete(category))
    const [oldest] = remembered.keys()
    if (remembered.size > MOST_CATEGORIES) remembered.delete(oldest)
    return sellers
  }

  return async (first, category) => {
    const known = remembered.get(category)
    const isFresh = known !== undefined && clock.now() < known.until
    return (await (isFresh ? known.sellers : look(category))).slice(0, first)
  }
}

async function askSellers(
  connection: GremlinConnection,
  category: string | undefined,
): Promise<readonly Neighbour[]> {
  const rows = readRows(await connection.submit(bestSellers(category, MAX_POPULAR)))
  return rows.map((row) => ({ productId: keyOfVertex(row.text('id')), weight: row.number('weight') }))
}
