import { ScanCommand } from '@aws-sdk/client-dynamodb'
import type { CatchUpState } from './checkpoints.ts'
import { type FedEvent, type Item, toFedEvent } from './items.ts'
import type { DynamoParts } from './parts.ts'

/** One step through the events table. */
export interface CatchUpPage {
  /** In order per stream: a scan reads the items of one partition key by their sort key, one after another. */
  readonly events: readonly FedEvent[]
  /** Where to go on; undefined at the end. */
  readonly after: Item | undefined
}

/** A page is 1 MB or so many items, whichever comes first. */
const ITEMS_AT_ONCE = 1000
/** So far apart may the clocks of two writers be. Events of this span are told again. */
const CLOCKS_APART_MS = 3_600_000

/**
 * A consistent read of everything recorded since then, a page at a time. Costs one read unit for each 4 KB of the
 * whole table: meant for the day after an outage, not for every day.
 */
export async function readCatchUp(parts: DynamoParts, state: CatchUpState): Promise<CatchUpPage> {
  const since = Math.max(0, state.since - CLOCKS_APART_MS)
  const request = new ScanCommand({
    TableName: parts.tables.events,
    ConsistentRead: true,
    Limit: ITEMS_AT_ONCE,
    FilterExpression: '#recorded >= :since OR attribute_not_exists(#recorded)',
    ExpressionAttributeNames: { '#recorded': 'recorded' },
    ExpressionAttributeValues: { ':since': { N: String(since) } },
    ...(state.after ? { ExclusiveStartKey: state.after } : {}),
  })
  const page = await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }))
  return { events: (page.Items ?? []).map(toFedEvent), after: page.LastEvaluatedKey }
}
