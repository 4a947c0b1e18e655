import type { Envelope, EventMeta } from '@stoa/platform/event'
import type { Consumer, Delivery, EventBus } from '@stoa/platform/event-bus'
import { Fault } from '@stoa/platform/fault'
import type { CommandPorts } from '@stoa/platform/handle-command'
import { invariant } from '@stoa/platform/invariant'
import type { Log } from '@stoa/platform/log'
import { subscribeAll } from '@stoa/platform/subscribe-all'
import { type EventOf, type EventType, parseEvent } from '@stoa/schema/events'
import { createSpreadAnnouncer } from './announce-spread.ts'
import { cancelPick } from './cancel-pick.ts'
import type { StockCommand } from './domain/decide.ts'
import { MAX_ON_HAND } from './domain/stock.ts'
import { handleStockCommand, type StockOutcome } from './handle-stock-command.ts'
import type { LocationBook } from './location-book.ts'
import type { Warehouse } from './ports.ts'

export interface ReactionParts extends CommandPorts {
  readonly bus: EventBus
  readonly log: Log
  readonly locations: LocationBook
  readonly warehouse: Warehouse
}

/** How long an order may hold stock before a shipment is prepared for it. Orders take seconds; a week is for dead letters. */
const HOLD_MS: number = 7 * 24 * 3_600_000

/** What others tell becomes a command of ours. Each is its own consumer, so that one that waits holds up no other. */
export async function startReactions(parts: ReactionParts): Promise<AsyncDisposable> {
  return await subscribeAll(parts.bus, consumers(parts))
}

function consumers(parts: ReactionParts): readonly Consumer[] {
  const announceSpread = createSpreadAnnouncer(parts)
  return [
    react('reserve', 'OrderProcessed', (event) => reserve(parts, event)),
    react('pick', 'ShipmentPrepared', (event, delivery) => pick(parts, event, delivery)),
    react('shipped', 'ShipmentProcessed', async (event) => {
      await command(parts, event, { kind: 'ship', ...event.data })
    }),
    react('release', 'OrderCancelled', async (event) => {
      await command(parts, event, { kind: 'release', ...event.data })
    }),
    react('cancel-pick', 'OrderCancellationRequested', async ({ data, meta }, { signal }) => {
      const { orderId, shipmentIds } = data
      await Promise.all(
        shipmentIds.map((shipmentId) => cancelPick(parts, { orderId, shipmentId, meta, signal })),
      )
    }),
    react('counted', 'StockCounted', (event) => counted(parts, event)),
    {
      ...react('availability', 'StockMoved', async ({ data: { sku, shard }, meta, version }) => {
        await announceSpread({ sku, shard: shard ?? 0, version, meta })
      }),
      pattern: {
        'detail-type': ['StockMoved'],
        source: ['inventory'],
        detail: { shard: [{ exists: true }] },
      },
    },
    { ...react('locations', 'LocationChanged', async () => parts.locations.forget()), imported: true },
  ]
}

/** A fact as a reaction sees it: read, and with the meta for whatever follows from it. */
type Told<T extends EventType> = EventOf<T> & {
  readonly id: string
  /** In its stream. */
  readonly version: number
  readonly meta: EventMeta
}

function react<T extends EventType>(
  what: string,
  type: T,
  handle: (event: Told<T>, delivery: Delivery) => Promise<void>,
): Consumer {
  return {
    name: `inventory.${what}`,
    pattern: { 'detail-type': [type] },
    handle: (envelope, delivery) => handle(read(type, envelope), delivery),
  }
}

function read<T extends EventType>(type: T, envelope: Envelope): Told<T> {
  const { id, meta, version } = envelope
  const { correlationId, traceparent } = meta
  const parsed = parseEvent(envelope)
  if (!parsed.ok) throw invalid(parsed.error.map(({ at, message }) => `${at}: ${message}`).join(' '))
  invariant(parsed.value.type === type, `a consumer of ${type} was handed ${parsed.value.type}`)
  // Its type was compared just now, which the compiler cannot carry over to a type parameter.
  const fact = parsed.value as EventOf<T>
  return {
    ...fact,
    id,
    version,
    meta: { correlationId, causationId: id, ...(traceparent && { traceparent }) },
  }
}

async function reserve(parts: ReactionParts, event: Told<'OrderProcessed'>): Promise<void> {
  const { orderId, lines, delivery } = event.data
  const { all: locations } = await parts.locations.read()
  const expiresAt = parts.clock.now() + HOLD_MS
  const outcome = await command(parts, event, {
    kind: 'reserve',
    orderId,
    lines,
    delivery,
    locations,
    expiresAt,
  })
  if (outcome.reasons) parts.log.debug({ orderId, reasons: outcome.reasons }, 'Order sourced.')
}

async function pick(
  parts: ReactionParts,
  event: Told<'ShipmentPrepared'>,
  { signal }: Delivery,
): Promise<void> {
  const { orderId, shipmentId } = event.data
  const { reservation } = await command(parts, event, { kind: 'keep', orderId })
  switch (reservation.status) {
    case 'HELD':
      if (!reservation.shipments.includes(shipmentId)) await parts.warehouse.pick({ ...event.data, signal })
      return
    case 'NONE':
      throw new Fault(
        'CONFLICT',
        `Shipment ${shipmentId} came before the stock for order ${orderId} was reserved.`,
      )
    case 'RELEASED':
    case 'REJECTED':
    case 'SHIPPED':
      parts.log.warn(
        { orderId, shipmentId, status: reservation.status },
        'Nothing is held for this shipment: not picked.',
      )
  }
}

async function counted(parts: ReactionParts, event: Told<'StockCounted'>): Promise<void> {
  const { sku, locationId, counted: units } = event.data
  const { byId } = await parts.locations.read()
  if (!byId.has(locationId))
    throw new Fault('NOT_FOUND', `No location "${locationId}" yet. Add it; until then the count waits.`)
  if (units < 0 || units > MAX_ON_HAND)
    throw invalid(`Expected a count of 0 to ${MAX_ON_HAND} for ${sku}, got ${units}.`)
  await command(parts, event, { kind: 'count', reference: event.id, ...event.data })
}

async function command(
  parts: ReactionParts,
  { meta }: { readonly meta: EventMeta },
  of: StockCommand,
): Promise<StockOutcome> {
  const outcome = await handleStockCommand(parts, { command: of, meta })
  if (outcome.ok) return outcome.value
  throw invalid(`${outcome.error.code}: ${outcome.error.message}`)
}

/** The event itself is wrong, so trying again would not help: it goes to the dead letters at once. */
function invalid(message: string): Fault {
  return new Fault('BAD_REQUEST', message)
}
