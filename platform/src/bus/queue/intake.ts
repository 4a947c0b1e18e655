import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs'
import { sleep } from '../../clock.ts'
import { toFault } from '../../fault.ts'
import type { EventBridgeParts } from '../eventbridge/parts.ts'

/** The consumer's end of its queue. */
export interface Intake {
  /** Polls for as long as there is room, until stopped. */
  start(): void
  /** Asks until the queue has nothing more to give, or there is no room. */
  drain(): Promise<void>
  /** What is done with. A message that cannot be deleted comes again and is known again. */
  remove(receipts: readonly string[]): Promise<void>
  /** For how long from now on nobody else may have these messages; 0 gives them back. */
  hold(receipts: readonly string[], seconds: number): Promise<void>
  /** A poll under way is not cut off, as its messages would be hidden from everybody: what it brings is given back. */
  stop(): void
}

export interface IntakeParts extends EventBridgeParts {
  readonly queueUrl: string
  /** How long a poll waits for the first message; 0 for a queue that is only asked by `drain`. */
  readonly waitSeconds: number
  readonly hasRoom: () => boolean
  readonly take: (messages: readonly Message[]) => Promise<void>
}

/** What SQS gives, deletes or changes at once. */
const BATCH = 10
const REQUESTS_AT_ONCE = 4
const FULL_ANSWERS = 3
/** A queue that fails is asked again after this, and one whose consumer has no room, in milliseconds. */
const RETRY_MS = 1000
const ROOM_MS = 50

export function createIntake(parts: IntakeParts): Intake {
  const { clients, calls, queueUrl: QueueUrl, wire } = parts
  const stopping = new AbortController()
  const isStopped = (): boolean => stopping.signal.aborted

  async function receive(WaitTimeSeconds: number): Promise<readonly Message[]> {
    const request = new ReceiveMessageCommand({
      QueueUrl,
      WaitTimeSeconds,
      MaxNumberOfMessages: BATCH,
      MessageSystemAttributeNames: ['SentTimestamp'],
    })
    const { Messages = [] } = await calls.receive.call((abortSignal) =>
      clients.sqs.send(request, { abortSignal }),
    )
    return Messages
  }

  /** Answers how many messages there were. Only polls that do not wait may go side by side: all are waited for. */
  async function round(width: number, waitSeconds: number): Promise<number> {
    const polls = Array.from({ length: width }, () => receive(waitSeconds))
    const messages = (await Promise.all(polls)).flat()
    if (isStopped()) await hold(receiptsOf(messages), 0)
    else if (messages.length > 0) await parts.take(messages)
    return messages.length
  }

  /** One after another, and more at a time for as long as they come back full, until one round brings too little. */
  async function rounds(isEnough: (count: number, width: number) => boolean): Promise<void> {
    for (let width = 1; parts.hasRoom() && !isStopped(); ) {
      const count = await round(width, 0)
      if (isEnough(count, width)) return
      width = count === width * BATCH ? Math.min(REQUESTS_AT_ONCE, width * 2) : 1
    }
  }

  /** Full answers in a row say that there is a backlog. */
  async function poll(full: number): Promise<number> {
    if (full > FULL_ANSWERS) await rounds((count, width) => count < width * BATCH)
    return (await round(1, parts.waitSeconds)) === BATCH ? full + 1 : 0
  }

  async function run(): Promise<void> {
    for (let full = 0; !isStopped(); ) {
      try {
        if (parts.hasRoom()) full = await poll(full)
        else await sleep(wire.clock, ROOM_MS, stopping.signal)
      } catch (reason) {
        if (!isStopped()) await failed(reason)
      }
    }
  }

  async function failed(reason: unknown): Promise<void> {
    parts.log.error({ code: toFault(reason).code }, 'A queue cannot be read; trying again in a second.')
    await sleep(wire.clock, RETRY_MS, stopping.signal).catch(() => {})
  }

  async function inBatches(
    receipts: readonly string[],
    send: (batch: readonly string[]) => Promise<unknown>,
  ): Promise<void> {
    const starts = Array.from({ length: Math.ceil(receipts.length / BATCH) }, (_, i) => i * BATCH)
    for (let i = 0; i < starts.length; i += REQUESTS_AT_ONCE) {
      const batches = starts
        .slice(i, i + REQUESTS_AT_ONCE)
        .map((start) => receipts.slice(start, start + BATCH))
      await Promise.all(batches.map(send))
    }
  }

  async function hold(receipts: readonly string[], VisibilityTimeout: number): Promise<void> {
    await inBatches(receipts, async (batch) => {
      const Entries = batch.map((ReceiptHandle, i) => ({ Id: String(i), ReceiptHandle, VisibilityTimeout }))
      const request = new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries })
      await calls.sqs.call((abortSignal) => clients.sqs.send(request, { abortSignal }))
    })
  }

  return {
    start: () => void run(),
    drain: () => rounds((count) => count === 0),
    remove: (receipts) =>
      inBatches(receipts, async (batch) => {
        const Entries = batch.map((ReceiptHandle, i) => ({ Id: String(i), ReceiptHandle }))
        const request = new DeleteMessageBatchCommand({ QueueUrl, Entries })
        await calls.sqs.call((abortSignal) => clients.sqs.send(request, { abortSignal }))
      }),
    hold,
    stop: () => stopping.abort(),
  }
}

function receiptsOf(messages: readonly Message[]): readonly string[] {
  return messages.flatMap(({ ReceiptHandle }) => ReceiptHandle ?? [])
}
