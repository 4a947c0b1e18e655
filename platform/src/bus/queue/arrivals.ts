import type { Message } from '@aws-sdk/client-sqs'
import { countEngineFault } from '../../engine-fault.ts'
import { type Arrival, parseMessage } from '../eventbridge/message.ts'
import { timeOf } from '../eventbridge/position.ts'
import type { Buffer } from './buffer.ts'
import type { Sequencer } from './sequencer.ts'
import type { TenureParts } from './tenure.ts'

interface ArrivalsParts extends TenureParts {
  readonly sequencer: Sequencer
  readonly buffer: Buffer
  /** Not long ago. */
  readonly wasTaken: (position: number) => boolean
}

interface Received extends Arrival {
  readonly receipt: string
  /** By SQS's clock, epoch milliseconds. */
  readonly sentAt: number
}

/** Takes in what a queue gave. Answers the receipts of what is done with already. */
export async function takeArrivals(
  parts: ArrivalsParts,
  messages: readonly Message[],
): Promise<readonly string[]> {
  const arrivals = messages.flatMap(toReceived)
  if (arrivals.length < messages.length) noteUnread(parts, messages.length - arrivals.length)
  const { live = [], again = [] } = Object.groupBy(arrivals, ({ replay }) =>
    replay === undefined ? 'live' : 'again',
  )
  const done: string[] = []
  for (const arrival of live.toSorted((a, b) => a.logged.position - b.logged.position))
    if (!(await isKept(parts, arrival))) done.push(arrival.receipt)
  if (again.length > 0) await takeReplayed(parts, again)
  return [...done, ...again.map(({ receipt }) => receipt)]
}

/** Whether its message stays in flight until the event is settled. */
async function isKept(parts: ArrivalsParts, arrival: Received): Promise<boolean> {
  await parts.sequencer.take(arrival.logged, () => isNews(parts, arrival))
  const kept = parts.buffer.find(arrival.logged.position)
  kept?.receipts.push(arrival.receipt)
  return kept !== undefined
}

/**
 * Whether an event from the part of the log that is settled was missed there. It cannot have been when it was sent
 * soon after it got its position; otherwise its publisher's clock may be far off. Of the part that was settled before
 * our time nothing is known but that the newest of a stream may be missing.
 */
async function isNews(parts: ArrivalsParts, { logged, again, sentAt }: Received): Promise<boolean> {
  const isPrompt = Math.abs(sentAt - timeOf(logged.position)) < parts.graceMs / 2
  if (again || isPrompt || parts.wasTaken(logged.position)) return false
  if (logged.position > parts.tenancy.consumer.swept) return true
  const head = await parts.eventLog.head(logged.stream)
  return head?.position === logged.position
}

/** EventBridge's own replay: told again as a redrive is. */
async function takeReplayed(parts: ArrivalsParts, arrivals: readonly Received[]): Promise<void> {
  for (const [name, run] of Map.groupBy(arrivals, ({ replay }) => replay ?? '')) {
    const events = run.map(({ logged }) => logged).filter(({ event }) => parts.wants(event))
    await parts.letters.tellAgain(parts.tenancy.consumer.name, `replay-${name}`, events)
  }
  parts.onAsked()
}

function toReceived({ Body = '', ReceiptHandle = '', Attributes = {} }: Message): readonly Received[] {
  const arrival = parseMessage(Body)
  return arrival
    ? [{ ...arrival, receipt: ReceiptHandle, sentAt: Number(Attributes.SentTimestamp ?? 0) }]
    : []
}

function noteUnread({ log }: ArrivalsParts, messages: number): void {
  countEngineFault('sqs', 'message_unreadable', 'UPSTREAM_INVALID')
  log.error({ messages }, 'Messages are none of ours; SQS moves them to the dead-letter queue.')
}
