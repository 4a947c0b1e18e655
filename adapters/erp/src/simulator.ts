import { type BehaviourInput, createBehaviourSwitch } from '@stoa/platform/simulator-behaviour'
import { openSimulatorHost, type SimulatorOptions } from '@stoa/platform/simulator-host'
import { openJournal } from '@stoa/platform/simulator-journal'
import { createNotifier, type WebhookTarget } from '@stoa/platform/simulator-notifier'
import type { VendorHandler } from '@stoa/platform/simulator-wire'
import { type Books, createBooks, refuse } from './simulator-books.ts'
import { type ErpEntry, erpEntry } from './simulator-ledger.ts'
import {
  createMasterData,
  type MasterData,
  type MaterialChange,
  type PriceChange,
} from './simulator-master-data.ts'

export interface ErpSimulatorOptions extends SimulatorOptions {
  /** Where price and product changes go; they wait until there is an address. */
  readonly webhook?: WebhookTarget
}

/** An ERP of its own mind, behind HTTP. */
export interface ErpSimulator extends AsyncDisposable {
  readonly url: string
  /** What it believes happened, oldest first. */
  ledger(): readonly ErpEntry[]
  behave(behaviour: BehaviourInput): void
  /** Over HTTP: `POST /admin/prices`. */
  changePrice(change: PriceChange): void
  /** Over HTTP: `POST /admin/materials`. */
  changeMaterial(change: MaterialChange): void
  connectWebhook(target: WebhookTarget): void
}

export async function openErpSimulator(options: ErpSimulatorOptions): Promise<ErpSimulator> {
  const { clock, random, log } = options
  const journal = openJournal(erpEntry, options.file)
  const behaviour = createBehaviourSwitch(random)
  const notifier = createNotifier({ clock, log, behaviour })
  const masterData = createMasterData({ journal, clock, random, notifier })
  const host = await openSimulatorHost({
    ...options,
    name: 'erp',
    entries: journal.entries,
    behaviour,
    handle: protocol(createBooks(journal, clock)),
    admin: adminCalls(masterData),
  })
  if (options.webhook) notifier.connect(options.webhook)
  return {
    url: host.url,
    ledger: () => journal.entries,
    behave: behaviour.behave,
    changePrice: (change) => void masterData.changePrice(change),
    changeMaterial: (change) => void masterData.changeMaterial(change),
    connectWebhook: notifier.connect,
    [Symbol.asyncDispose]: async () => {
      await notifier[Symbol.asyncDispose]()
      await host[Symbol.asyncDispose]()
    },
  }
}

function protocol(books: Books): VendorHandler {
  return ({ method, path, body }) => {
    if (path !== '/books/postings') return refuse(404, 'unknown_path')
    return method === 'POST' ? books.post(body) : refuse(405, 'method_not_allowed')
  }
}

function adminCalls(masterData: MasterData): Readonly<Record<string, VendorHandler>> {
  return {
    '/admin/prices': ({ body }) => ({
      status: 202,
      body: { ...masterData.changePrice(body) },
    }),
    '/admin/materials': ({ body }) => ({
      status: 202,
      body: { ...masterData.changeMaterial(body) },
    }),
  }
}
