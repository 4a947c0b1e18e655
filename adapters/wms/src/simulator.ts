import { Fault } from '@stoa/platform/fault'
import { type BehaviourInput, createBehaviourSwitch } from '@stoa/platform/simulator-behaviour'
import { openSimulatorHost, type SimulatorOptions } from '@stoa/platform/simulator-host'
import { openJournal } from '@stoa/platform/simulator-journal'
import { createNotifier, type WebhookTarget } from '@stoa/platform/simulator-notifier'
import type { VendorHandler } from '@stoa/platform/simulator-wire'
import { z } from 'zod'
import { type WmsEntry, wmsEntry } from './simulator-ledger.ts'
import { type CountedShelf, createWarehouse, refuse, type Warehouse } from './simulator-warehouse.ts'

export interface WmsSimulatorOptions extends SimulatorOptions {
  /** Where shipped notices and counts go; they wait until there is an address. */
  readonly webhook?: WebhookTarget
  /** From pick order to goods issue, milliseconds. Default 150. */
  readonly packingMs?: number
}

/** A warehouse of its own mind, behind HTTP. */
export interface WmsSimulator extends AsyncDisposable {
  readonly url: string
  /** What it believes happened, oldest first. */
  ledger(): readonly WmsEntry[]
  behave(behaviour: BehaviourInput): void
  /** Somebody counts a shelf; the shop hears of it. Over HTTP: `POST /admin/counts`. */
  count(shelf: CountedShelf): void
  connectWebhook(target: WebhookTarget): void
}

const DEFAULT_PACKING_MS = 150

export async function openWmsSimulator(options: WmsSimulatorOptions): Promise<WmsSimulator> {
  const { clock, random, log, packingMs = DEFAULT_PACKING_MS } = options
  const journal = openJournal(wmsEntry, options.file)
  const behaviour = createBehaviourSwitch(random)
  const notifier = createNotifier({ clock, log, behaviour })
  const warehouse = createWarehouse({ journal, clock, random, packingMs, behaviour, notifier })
  const host = await openSimulatorHost({
    ...options,
    name: 'wms',
    entries: journal.entries,
    behaviour,
    handle: protocol(warehouse),
    admin: {
      '/admin/counts': ({ body }) => ({ status: 202, body: { ...warehouse.count(readCount(body)) } }),
    },
  })
  if (options.webhook) notifier.connect(options.webhook)
  return {
    url: host.url,
    ledger: () => journal.entries,
    behave: behaviour.behave,
    count: (shelf) => void warehouse.count(readCount(shelf)),
    connectWebhook: notifier.connect,
    [Symbol.asyncDispose]: async () => {
      warehouse.stop()
      await notifier[Symbol.asyncDispose]()
      await host[Symbol.asyncDispose]()
    },
  }
}

const CANCEL = /^\/pick-orders\/([^/]+)\/cancel$/

function protocol(warehouse: Warehouse): VendorHandler {
  return ({ method, path, body }) => {
    if (method !== 'POST') return refuse(405, 'method_not_allowed')
    if (path === '/pick-orders') return warehouse.pick(body)
    const orderRef = CANCEL.exec(path)?.[1]
    return orderRef === undefined
      ? refuse(404, 'unknown_path')
      : warehouse.cancel(decodeURIComponent(orderRef))
  }
}

const countSchema: z.ZodType<CountedShelf> = z.strictObject({
  article: z.string().min(1).max(64),
  warehouse: z.string().min(1).max(64),
  counted: z.int().min(0).max(1_000_000_000),
})

function readCount(input: unknown): CountedShelf {
  const parsed = countSchema.safeParse(input)
  if (parsed.success) return parsed.data
  const example = '{"article": "TEE-1", "warehouse": "DC-PIA", "counted": 12}'
  throw new Fault('BAD_REQUEST', `Expected a count such as ${example}. ${z.prettifyError(parsed.error)}`)
}
