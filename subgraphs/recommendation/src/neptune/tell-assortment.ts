import { createHash } from 'node:crypto'
import { type Clock, sleep } from '@stoa/platform/clock'
import type { EventStore } from '@stoa/platform/event-store'
import { toFault } from '@stoa/platform/fault'
import type { Log } from '@stoa/platform/log'
import type { RowKey } from '@stoa/platform/table-store'
import type { AffinityGraph, DescribedProduct } from '../ports.ts'
import { loadAssortment } from '../store/assortment-rows.ts'

export interface TellParts {
  readonly store: EventStore
  readonly graph: AffinityGraph
  readonly clock: Clock
  readonly log: Log
  readonly url: string
}

const TRY_AGAIN_MS = 30_000

/**
 * Tells a graph database which categories products are in, where it was not told yet: what was imported is in our rows only.
 * Goes on in the background until the database was reached. A row says what was told to which database.
 */
export function tellAssortment(parts: TellParts): AsyncDisposable {
  const ending = new AbortController()
  const told = tellUntilDone(parts, ending.signal)
  return {
    async [Symbol.asyncDispose]() {
      ending.abort()
      await told
    },
  }
}

async function tellUntilDone(parts: TellParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      return await tell(parts, signal)
    } catch (reason) {
      parts.log.warn({ code: toFault(reason).code }, 'The graph was not told of the assortment yet')
      await sleep(parts.clock, TRY_AGAIN_MS, signal).catch(() => {})
    }
  }
}

async function tell({ store, graph, url }: TellParts, signal: AbortSignal): Promise<void> {
  const products = [...(await loadAssortment(store)).values()].flatMap(
    ({ productId, category }): DescribedProduct[] =>
      category === undefined ? [] : [{ productId, category }],
  )
  const mark: RowKey = { table: 'assortment-told', partition: new URL(url).host, sort: 'digest' }
  const digest = digestOf(products)
  if ((await store.get(mark))?.value['digest'] === digest) return
  // In parts: closing does not wait for all of a large assortment.
  for (let from = 0; from < products.length && !signal.aborted; from += 500) {
    await graph.describe(products.slice(from, from + 500))
  }
  if (!signal.aborted) await store.commit({ rows: [{ ...mark, value: { digest } }] })
}

function digestOf(products: readonly DescribedProduct[]): string {
  const lines = products.map(({ productId, category }) => JSON.stringify([productId, category])).sort()
  return createHash('sha256').update(lines.join('\n')).digest('base64url')
}
