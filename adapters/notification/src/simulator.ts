import type { Clock } from '@stoa/platform/clock'
import type { Random } from '@stoa/platform/random'
import { type BehaviourInput, createBehaviourSwitch } from '@stoa/platform/simulator-behaviour'
import { openSimulatorHost, type SimulatorOptions } from '@stoa/platform/simulator-host'
import { type Journal, openJournal } from '@stoa/platform/simulator-journal'
import type { VendorHandler, VendorReply } from '@stoa/platform/simulator-wire'
import { type MessageEntry, messageEntry, messageOrder } from './simulator-ledger.ts'

/** A message service of its own mind, behind HTTP. */
export interface NotificationSimulator extends AsyncDisposable {
  readonly url: string
  /** What it sent, oldest first. */
  ledger(): readonly MessageEntry[]
  behave(behaviour: BehaviourInput): void
}

export async function openNotificationSimulator(options: SimulatorOptions): Promise<NotificationSimulator> {
  const journal = openJournal(messageEntry, options.file)
  const behaviour = createBehaviourSwitch(options.random)
  const handle = protocol(journal, options)
  const host = await openSimulatorHost({
    ...options,
    name: 'notification',
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

interface Ports {
  readonly clock: Clock
  readonly random: Random
}

function protocol(journal: Journal<MessageEntry>, { clock, random }: Ports): VendorHandler {
  const sent = new Map(journal.entries.map((entry) => [entry.dedupe_key, entry.message]))
  return ({ method, path, body }) => {
    if (path !== '/messages') return refuse(404, 'unknown_path')
    if (method !== 'POST') return refuse(405, 'method_not_allowed')
    const asked = messageOrder.safeParse(body)
    if (!asked.success) return refuse(422, 'invalid_message')
    const before = sent.get(asked.data.dedupe_key)
    if (before !== undefined) return { status: 200, body: { message: before } }
    const entry: MessageEntry = { ...asked.data, message: `msg_${random.uuid()}`, at: clock.now() }
    journal.append(entry)
    sent.set(entry.dedupe_key, entry.message)
    return { status: 202, body: { message: entry.message } }
  }
}

function refuse(status: number, code: string): VendorReply {
  return { status, body: { error: { code } } }
}
