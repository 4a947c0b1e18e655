import type { Consumer, EventBus } from '../../event-bus.ts'
import { Fault } from '../../fault.ts'
import { createBus } from '../create-bus.ts'
import { compileOrFault } from '../matcher.ts'
import { createQueueLog, type QueueLog, type QueueLogParts } from '../queue/log.ts'
import type { Tenure } from '../queue/tenure.ts'
import { checkPolicy } from '../retry.ts'
import type { EventCarrier } from './carrier.ts'
import { createConsumerQueue } from './resources.ts'
import type { Served } from './status.ts'

/** The consumers of this process: a bus of its own for each, over its own queue. */
export interface Consumers {
  add(consumer: Consumer): Promise<AsyncDisposable>
  servedHere(consumer: string): Served | undefined
  serving(): readonly string[]
  /** Of the consumers named, or of all, those that this process subscribes. */
  askedOf(consumer: string | undefined): void
  /**
   * Takes in what is published by now, where that was not done before for the same number of publications. False when
   * there was no room for all of it.
   */
  catchUp(published: number): Promise<boolean>
  /** Resolves when nothing is being delivered of what was taken in. */
  rest(): Promise<void>
  /** Writes down what is noted. */
  flush(): Promise<void>
  close(): Promise<void>
}

export interface ConsumersParts extends Omit<QueueLogParts, 'queueUrl'> {
  readonly carrier: EventCarrier
  readonly closeMs?: number
}

interface Entry {
  readonly log: QueueLog
  readonly bus: EventBus
  caughtUp: { readonly tenure: Tenure | undefined; readonly published: number } | undefined
}

export function createConsumers(parts: ConsumersParts): Consumers {
  const entries = new Map<string, Entry | undefined>()
  const all = (): readonly Entry[] => [...entries.values()].filter((entry) => entry !== undefined)

  async function open(consumer: Consumer): Promise<Entry> {
    const { url } = await createConsumerQueue(parts, consumer, parts.visibilitySeconds)
    const log = createQueueLog({ ...parts, queueUrl: url })
    const bus = createBus({ ...parts, store: log })
    try {
      await bus.subscribe(consumer)
    } catch (reason) {
      await bus[Symbol.asyncDispose]()
      throw reason
    }
    return { log, bus, caughtUp: undefined }
  }

  /** Everything that can be refused is, before anything is made at AWS. */
  function check(consumer: Consumer): void {
    compileOrFault(consumer.pattern)
    checkPolicy(consumer)
    if (!entries.has(consumer.name)) return
    const message = `The consumer "${consumer.name}" is subscribed already. Choose another name.`
    throw new Fault('BAD_REQUEST', message)
  }

  async function catchUpOne(entry: Entry, published: number): Promise<boolean> {
    const tenure = entry.log.tenure()
    const { caughtUp } = entry
    if (caughtUp && caughtUp.tenure === tenure && caughtUp.published === published) return true
    const isDone = (await tenure?.catchUp()) ?? true
    entry.caughtUp = isDone ? { tenure, published } : undefined
    return isDone
  }

  async function close(name: string): Promise<void> {
    const entry = entries.get(name)
    await entry?.bus[Symbol.asyncDispose]()
    if (entries.get(name) === entry) entries.delete(name)
  }

  return {
    async add(consumer) {
      check(consumer)
      const { name } = consumer
      entries.set(name, undefined)
      try {
        entries.set(name, await open(consumer))
      } catch (reason) {
        entries.delete(name)
        throw reason
      }
      return { [Symbol.asyncDispose]: () => close(name) }
    },
    servedHere(consumer) {
      const entry = entries.get(consumer)
      const tenure = entry?.log.tenure()
      return entry && tenure ? { bus: entry.bus, tenure } : undefined
    },
    serving: () => all().flatMap(({ bus }) => bus.serving()),
    askedOf(consumer) {
      for (const [name, entry] of entries)
        if (consumer === undefined || name === consumer) entry?.log.onAsked()
    },
    async catchUp(published) {
      const done = await Promise.all(all().map((entry) => catchUpOne(entry, published)))
      return done.every((isDone) => isDone)
    },
    rest: async () => void (await Promise.all(all().map(({ bus }) => bus.idle()))),
    // Whoever asks for dead letters is answered after what is noted is written.
    flush: async () => void (await Promise.all(all().map(({ bus }) => bus.deadLetters()))),
    close: async () => void (await Promise.all([...entries.keys()].map(close))),
  }
}
