import type { Clock } from '../../clock.ts'
import { cutBatches } from './batches.ts'
import type { KafkaReader } from './reader.ts'
import type { KafkaPartition } from './record.ts'
import { createKafkaState, type KafkaState, type StateWord } from './state.ts'
import { createKafkaTail } from './tail.ts'
import { recordOfWord, wordOf } from './words.ts'
import type { KafkaWriter } from './writer.ts'

/** The state topic beside one partition of events, and what it says. */
export interface KafkaBookkeeping {
  readonly state: KafkaState
  /** Takes in what others have said by now. */
  refresh(): Promise<void>
  /** Says something; when it resolves, `state` has it, with everything that was said before. Answers its positions. */
  say(words: readonly StateWord[]): Promise<readonly number[]>
  /** What is known without asking. */
  end(): number
}

export interface KafkaBookkeepingParts {
  readonly partition: KafkaPartition
  readonly reader: KafkaReader
  readonly writer: KafkaWriter
  readonly clock: Clock
  /** Another process has appended something. */
  readonly onForeign: () => void
  /** The largest batch that the topic takes, in bytes. */
  readonly maxBytes: number
}

const MAX_BATCH = 1000

export function createKafkaBookkeeping(parts: KafkaBookkeepingParts): KafkaBookkeeping {
  const { partition, reader, clock } = parts
  const state = createKafkaState()
  const tail = createKafkaTail<StateWord>({
    ...parts,
    at: partition,
    parse: wordOf,
    apply: (offset, word) => state.apply(offset + 1, word),
  })
  let starting: Promise<void> | undefined

  const ready = (): Promise<void> => {
    starting ??= start().catch((reason) => {
      starting = undefined
      throw reason
    })
    return starting
  }

  async function start(): Promise<void> {
    tail.start(await reader.offsetOf(partition, 'first'))
    await tail.extend()
  }

  async function say(words: readonly StateWord[]): Promise<readonly number[]> {
    await ready()
    const now = clock.now()
    const items = words.map((word) => ({ record: recordOfWord(word, now), item: word }))
    const positions: number[] = []
    for (const batch of cutBatches(items, { records: MAX_BATCH, bytes: parts.maxBytes })) {
      positions.push(...(await tail.append(batch)).map((offset) => offset + 1))
    }
    return positions
  }

  return {
    state,
    say,
    end: tail.end,
    async refresh() {
      await ready()
      await tail.extend()
    },
  }
}
