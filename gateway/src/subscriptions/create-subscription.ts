import { answerEvent } from './answer-event.ts'
import { brokenBy, COMPLETED, type Ending, internal } from './ending.ts'
import { createEventQueue, type EventQueue } from './event-queue.ts'
import { followSource, subscribeToSource } from './follow-source.ts'
import type { StreamItem, Subscribing } from './subscribing.ts'
import { type CredentialsWatch, watchCredentials } from './watch-credentials.ts'

/** Answers as they come. Whoever leaves calls `return`, which takes effect at once. */
export interface StreamItems extends AsyncIterableIterator<StreamItem> {
  return(): Promise<IteratorResult<StreamItem>>
}

export interface Subscription {
  /** Rejects with a fault when the source does not take it. */
  start(): Promise<StreamItems>
  /** The client is told why, and nothing more. */
  end(ending: Ending): void
  /** Resolves when nothing of it is left. */
  readonly ended: Promise<void>
}

/** Its events are answered one after another, in their order; one that comes while another is answered waits. */
export function createSubscription(subscribing: Subscribing): Subscription {
  const queue = createEventQueue(subscribing.pipeline.limits.subscriptions)
  const stop = new AbortController()
  const ended = Promise.withResolvers<void>()
  let isAnswering = false

  /** Whether or not anybody still reads: what is under way is waited for, and it has a deadline. */
  function close(): void {
    stop.abort()
    if (!isAnswering) ended.resolve()
  }

  function end(ending: Ending): void {
    queue.cut(ending)
    close()
  }

  async function answer(event: Buffer): Promise<StreamItem> {
    isAnswering = true
    const item = await answerOrFail(subscribing, event)
    isAnswering = false
    if (stop.signal.aborted) close()
    return item
  }

  async function start(): Promise<StreamItems> {
    try {
      const told = await subscribeToSource(subscribing, stop.signal)
      void followSource(told, queue, subscribing).then((isDone) => isDone || close())
    } catch (reason) {
      close()
      throw reason
    }
    const watch = watchCredentials(subscribing, end)
    void ended.promise.then(() => watch[Symbol.dispose]())
    return itemsOf(
      answerAll({ queue, answer, close, watch, correlationId: subscribing.context.correlationId }),
      () => end(COMPLETED),
    )
  }

  return { start, end, ended: ended.promise }
}

interface Answering {
  readonly correlationId: string
  readonly queue: EventQueue
  readonly watch: CredentialsWatch
  answer(event: Buffer): Promise<StreamItem>
  close(): void
}

async function* answerAll(answering: Answering): AsyncGenerator<StreamItem, void> {
  try {
    for (;;) {
      const item = await nextItem(answering)
      const isLast = !item || 'errors' in item
      // Whoever was told the last thing need not come back for more.
      if (isLast) answering.close()
      if (item) yield item
      if (isLast) return
    }
  } finally {
    answering.close()
  }
}

async function nextItem(answering: Answering): Promise<StreamItem | undefined> {
  const next = await answering.queue.next()
  const ending = Buffer.isBuffer(next) ? await checked(answering) : next
  if (ending) return ending.errors && { errors: ending.errors }
  return Buffer.isBuffer(next) ? await answering.answer(next) : undefined
}

async function checked({ watch, correlationId }: Answering): Promise<Ending | undefined> {
  try {
    return await watch.check()
  } catch (reason) {
    return brokenBy(reason, correlationId)
  }
}

async function answerOrFail(subscribing: Subscribing, event: Buffer): Promise<StreamItem> {
  try {
    return { json: await answerEvent(subscribing, event) }
  } catch (err) {
    const { correlationId } = subscribing.context
    subscribing.pipeline.options.log.error({ err, correlationId }, 'the gateway failed')
    return { errors: internal(correlationId) }
  }
}

/** A generator takes a `return` only once it has answered the `next` before, which may wait for ever. */
function itemsOf(answers: AsyncGenerator<StreamItem, void>, leave: () => void): StreamItems {
  const items: StreamItems = {
    [Symbol.asyncIterator]: () => items,
    next: () => answers.next(),
    async return() {
      leave()
      return await answers.return()
    },
  }
  return items
}
