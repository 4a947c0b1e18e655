import type { EventMeta } from '@stoa/platform/event'
import { type CommandPorts, newEvent } from '@stoa/platform/handle-command'
import { winRace } from '@stoa/platform/win-race'
import { announceWhole } from './domain/decide.ts'
import { MAX_SHARDS, mergeShards, shardName } from './domain/shards.ts'
import { evolveStock } from './domain/stock.ts'
import { type LoadedStocks, loadWhole } from './load-stock.ts'
import { type StockRecord, stockRow, stockStream } from './store/stock-table.ts'

/** Units moved in a shard: what is known of it has at least this version. */
export interface ShardMoved {
  readonly sku: string
  readonly shard: number
  readonly version: number
  readonly meta: EventMeta
}

/** SKUs whose last look is remembered; forgetting one costs a look more. */
const MAX_KNOWN = 1_000
const DONE = {}

/**
 * Tells what can be promised of a SKU that is spread, which none of its shards knows. Movements that were part of the
 * last look need none of their own, so many that come at once share one read of all shards and at most one
 * announcement. After something was told somebody looks again: a change that came meanwhile may have been seen by
 * another process, which found nothing to tell.
 */
export function createSpreadAnnouncer(ports: CommandPorts): (moved: ShardMoved) => Promise<void> {
  const seen = new Map<string, ReadonlyMap<string, StockRecord>>()
  const waiting = new Map<string, number>()

  function isSeen({ sku, shard, version }: ShardMoved): boolean {
    return (seen.get(sku)?.get(shardName(sku, shard))?.version ?? 0) >= version
  }

  function remember(sku: string, records: ReadonlyMap<string, StockRecord>): void {
    seen.delete(sku)
    seen.set(sku, records)
    const oldest = seen.keys().next().value
    if (seen.size > MAX_KNOWN && oldest !== undefined) seen.delete(oldest)
  }

  async function look(moved: ShardMoved): Promise<typeof DONE | undefined> {
    if (isSeen(moved)) return DONE
    const whole = await loadFromStreams(ports, moved)
    const { told, committed } = await tell(ports, whole, moved)
    if (!committed) return undefined
    if (told) {
      // What was seen is from before: whoever waits looks again, else we do.
      seen.delete(moved.sku)
      return waiting.get(moved.sku) === 1 ? undefined : DONE
    }
    remember(moved.sku, whole.records)
    return DONE
  }

  return async (moved) => {
    if (isSeen(moved)) return
    const { sku } = moved
    waiting.set(sku, (waiting.get(sku) ?? 0) + 1)
    try {
      await winRace(ports, `availability of ${sku}`, () => look(moved))
    } finally {
      const others = (waiting.get(sku) ?? 1) - 1
      if (others === 0) waiting.delete(sku)
      else waiting.set(sku, others)
    }
  }
}

/** Rows may be behind: those of a very wide order follow its streams, and nobody tells when they have. */
function loadFromStreams({ store }: CommandPorts, { sku }: ShardMoved): Promise<LoadedStocks> {
  const shards = Array.from({ length: MAX_SHARDS }, (_, shard) => shardName(sku, shard))
  return loadWhole(store, { skus: [sku], behind: new Set(shards.map(stockStream)) })
}

/** On the stream of the SKU, unless it is told already, or the SKU is not spread any more and tells it itself. */
async function tell(
  { store, ...ports }: CommandPorts,
  { records, shards }: LoadedStocks,
  { sku, meta }: ShardMoved,
): Promise<{ readonly told: boolean; readonly committed: boolean }> {
  const spread = shards.get(sku)
  const main = records.get(sku)
  const facts = spread ? announceWhole(sku, mergeShards(spread)) : []
  if (!main || facts.length === 0) return { told: false, committed: true }
  const version = main.version + facts.length
  const events = facts.map((fact) => newEvent(ports, fact, meta))
  const { ok: committed } = await store.commit({
    appends: [{ stream: stockStream(sku), expectedVersion: main.version, events }],
    rows: [stockRow(sku, { stock: facts.reduce(evolveStock, main.stock), version })],
  })
  return { told: true, committed }
}
