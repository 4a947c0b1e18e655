import { createHash } from 'node:crypto'
import { type BehaviourInput, createBehaviourSwitch } from '@stoa/platform/simulator-behaviour'
import { openSimulatorHost, type SimulatorOptions } from '@stoa/platform/simulator-host'
import { openJournal } from '@stoa/platform/simulator-journal'
import type { VendorHandler, VendorReply, VendorRequest } from '@stoa/platform/simulator-wire'
import { type Bank, createBank, type Keyed, refuse } from './simulator-bank.ts'
import { type PaymentEntry, paymentEntry } from './simulator-ledger.ts'

/** A payment provider of its own mind, behind HTTP. */
export interface PaymentSimulator extends AsyncDisposable {
  readonly url: string
  /** What it believes happened, oldest first: one entry per authorisation, decline, capture and void. */
  ledger(): readonly PaymentEntry[]
  behave(behaviour: BehaviourInput): void
}

/** Tokens: `tok_visa` is good; `tok_declined`, `tok_expired`, `tok_fraud` are refused, any other is unknown. */
export async function openPaymentSimulator(options: SimulatorOptions): Promise<PaymentSimulator> {
  const journal = openJournal(paymentEntry, options.file)
  const behaviour = createBehaviourSwitch(options.random)
  const handle = protocol(createBank(journal, options))
  const host = await openSimulatorHost({
    ...options,
    name: 'payment',
    entries: journal.entries,
    behaviour,
    handle,
  })
  return {
    url: host.url,
    ledger: () => journal.entries,
    behave: behaviour.behave,
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  }
}

const CHANGE = /^\/v2\/authorisations\/([^/]+)\/(captures|voids)$/

function protocol(bank: Bank): VendorHandler {
  return (request) => {
    if (request.method !== 'POST') return refuse(405, 'method_not_allowed')
    const keyed = withKey(request)
    if (!keyed) return refuse(400, 'idempotency_key_missing')
    return bank.answered(keyed) ?? route(bank, request.path, keyed)
  }
}

function route(bank: Bank, path: string, keyed: Keyed): VendorReply {
  if (path === '/v2/authorisations') return bank.authorise(keyed)
  const [, id, what] = CHANGE.exec(path) ?? []
  if (id === undefined) return refuse(404, 'unknown_path')
  return what === 'captures' ? bank.capture(keyed, id) : bank.void(keyed, id)
}

function withKey(request: VendorRequest): Keyed | undefined {
  const key = request.header('cassa-idempotency-key')
  if (!key) return undefined
  const digest = createHash('sha256')
    .update(`${request.path} ${JSON.stringify(request.body)}`)
    .digest('base64url')
  return { key, digest, body: request.body }
}
