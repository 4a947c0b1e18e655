import { Fault } from '@stoa/platform/fault'
import type { GremlinConnection } from './connection.ts'
import { g, type Traversal } from './gremlin-words.ts'
import { readTexts } from './read-answers.ts'
import { prune, type Row, recordOrders } from './write-traversals.ts'

/** Takes in writes, many in one transaction. */
export interface WriteLane {
  /** Resolves when they are in the graph: to how many answered their key, which says that they changed something. */
  write(writes: readonly GraphWrite[]): Promise<number>
  /** When nothing is under way any more. */
  idle(): Promise<void>
}

export interface GraphWrite {
  /** What the traversal answers, once, when it did something. Two of one key never share a transaction. */
  readonly key: string
  /** About how many edges it touches. */
  readonly cost: number
  /** Ids of vertices whose lists it may make longer. */
  readonly grown: readonly string[]
  /** An order's, for one traversal over all of them; or a traversal of its own, which begins anywhere. */
  readonly row?: Row
  readonly traversal?: Traversal
}

interface Waiting extends GraphWrite {
  readonly resolve: (isNew: boolean) => void
  readonly reject: (reason: unknown) => void
}

const MOST_WRITES = 32
/** In one transaction, unless one write alone costs more. */
const MOST_COST = 800
/** When so many lists have grown, they are looked at. */
const PRUNE_AT = 200

/**
 * One transaction after the other, each with all writes that came meanwhile: those of one process would otherwise
 * fail each other, as popular products are in many of them.
 */
export function createWriteLane(connection: GremlinConnection): WriteLane {
  const queue: Waiting[] = []
  const grown = new Set<string>()
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    while (queue.length > 0) {
      const batch = takeBatch(queue)
      await settle(connection, batch)
      for (const id of batch.flatMap((write) => write.grown)) grown.add(id)
      if (grown.size >= PRUNE_AT) await pruneSome(connection, grown)
    }
    running = undefined
  }

  return {
    async write(writes) {
      if (writes.length === 0) return 0
      const answers = writes.map(
        (write) => new Promise<boolean>((resolve, reject) => void queue.push({ ...write, resolve, reject })),
      )
      running ??= run()
      return (await Promise.all(answers)).filter((isNew) => isNew).length
    },
    idle: async () => running,
  }
}

export function transactionOf(batch: readonly GraphWrite[]): Traversal {
  const rows = batch.flatMap(({ row }) => row ?? [])
  const others = batch.flatMap(({ traversal }) => traversal ?? [])
  return g
    .withSack(0)
    .inject(0)
    .union(...(rows.length > 0 ? [recordOrders(rows)] : []), ...others)
}

/** Lists that stay too long are shortened when they grow again, and nobody reads beyond their bounds. */
async function pruneSome(connection: GremlinConnection, grown: Set<string>): Promise<void> {
  const ids = [...grown]
  grown.clear()
  if (ids.length > 0) await connection.submit(prune(ids)).catch(() => {})
}

/** The first writes, as many as fit. One whose key is there waits for another batch, where what was done is seen. */
function takeBatch(queue: Waiting[]): readonly Waiting[] {
  const batch = new Map<string, Waiting>()
  let cost = 0
  for (const waiting of queue) {
    cost += waiting.cost
    const isFull = batch.size >= MOST_WRITES || (batch.size > 0 && cost > MOST_COST)
    if (isFull || batch.has(waiting.key)) break
    batch.set(waiting.key, waiting)
  }
  queue.splice(0, batch.size)
  return [...batch.values()]
}

async function settle(connection: GremlinConnection, batch: readonly Waiting[]): Promise<void> {
  try {
    const answered = new Set(readTexts(await connection.submit(transactionOf(batch))))
    for (const { key, resolve } of batch) resolve(answered.has(key))
  } catch (reason) {
    const mayBeOne = batch.length > 1 && reason instanceof Fault && !reason.retryable
    if (!mayBeOne) for (const { reject } of batch) reject(reason)
    // One of them may be what the database refuses: the others must not suffer for it.
    else for (const waiting of batch) await settle(connection, [waiting])
  }
}
