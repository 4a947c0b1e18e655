import { type EventStore, MAX_TRANSACTION_ITEMS, type Transaction } from './event-store.ts'
import { Fault } from './fault.ts'

/** Enough at once to fill a network or a group commit, few enough not to flood it. */
const AT_ONCE = 8
const SHOWN = 10

/**
 * Writes parts in as few transactions as they fit into; one part is never torn apart. Throws what `taken` makes of
 * the streams and rows that were there already; what was written before that stays, so an import can be run again.
 */
export async function commitAll(
  store: EventStore,
  parts: readonly Transaction[],
  taken: (names: readonly string[]) => Fault,
): Promise<void> {
  const transactions = pack(parts)
  for (let i = 0; i < transactions.length; i += AT_ONCE) {
    const wave = transactions.slice(i, i + AT_ONCE)
    const committed = await Promise.all(wave.map((transaction) => store.commit(transaction)))
    for (const one of committed) if (!one.ok) throw taken(one.error.on.slice(0, SHOWN))
  }
}

/** Throws BAD_REQUEST with the first ten problems when there are any; `what`: "The customers". */
export function refuseImport(what: string, problems: readonly string[]): void {
  if (problems.length === 0) return
  const shown = problems.slice(0, SHOWN).join(' ')
  throw new Fault('BAD_REQUEST', `${what} cannot be imported, ${problems.length} problems: ${shown}`)
}

function pack(parts: readonly Transaction[]): readonly Transaction[] {
  const packs: Transaction[][] = []
  let items = MAX_TRANSACTION_ITEMS
  for (const part of parts) {
    const size = sizeOf(part)
    items += size
    if (items > MAX_TRANSACTION_ITEMS) {
      packs.push([])
      items = size
    }
    packs.at(-1)?.push(part)
  }
  return packs.map((pack) => ({
    appends: pack.flatMap((part) => part.appends ?? []),
    rows: pack.flatMap((part) => part.rows ?? []),
  }))
}

function sizeOf({ appends = [], rows = [] }: Transaction): number {
  return appends.reduce((sum, append) => sum + append.events.length, rows.length)
}
