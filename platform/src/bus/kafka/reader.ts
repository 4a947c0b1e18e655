import { Consumer } from '@platformatic/kafka'
import type { Fault } from '../../fault.ts'
import { clientOptions, type KafkaConnection } from './connection.ts'
import { isError, kafkaFault } from './fault.ts'
import type { KafkaPartition, KafkaRead } from './record.ts'

/** Reads partitions from any offset. Whoever reads while a request is under way shares the next one. */
export interface KafkaReader extends AsyncDisposable {
  fetch(request: FetchRequest): Promise<Fetched>
  /** The first offset that is still there, the one after the last, or of the first record not older than that. */
  offsetOf(at: KafkaPartition, since: 'first' | 'end' | number): Promise<number>
}

export interface FetchRequest extends KafkaPartition {
  readonly offset: number
  /** One batch comes in any case. */
  readonly maxBytes: number
}

export interface Fetched {
  readonly records: readonly KafkaRead[]
  /** Where to read on. */
  readonly next: number
  /** Where the partition ends, as far as it may be read. */
  readonly end: number
}

export interface KafkaReaderOptions {
  readonly topics: readonly string[]
  /** How long the broker holds back an answer with nothing in it, in milliseconds. */
  readonly maxWaitMs: number
}

interface Waiting {
  readonly request: FetchRequest
  readonly resolve: (fetched: Fetched) => void
  readonly reject: (reason: unknown) => void
}

export function createKafkaReader(connection: KafkaConnection, options: KafkaReaderOptions): KafkaReader {
  // The group is only a name that the client asks for: nothing is committed and nothing joined here.
  const client = new Consumer({
    ...clientOptions(connection),
    groupId: 'none',
    maxWaitTime: options.maxWaitMs,
  })
  const topics = [...options.topics]
  client.topics.trackAll(...topics)
  const ends = new Map<string, number>()
  let waiting: Waiting[] = []
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    await Promise.resolve()
    while (waiting.length > 0) {
      const round = cutRound(waiting)
      const inRound = new Set(round)
      waiting = waiting.filter((one) => !inRound.has(one))
      await fetchRound(round)
    }
    running = undefined
  }

  async function fetchRound(round: readonly Waiting[]): Promise<void> {
    try {
      await fetchTogether(round)
    } catch (reason) {
      // One that asks for what is not there must not fail the others.
      const isShared = new Set(round.map(({ request }) => keyOf(request))).size > 1
      if (isShared && isError(reason, 'OFFSET_OUT_OF_RANGE')) for (const one of round) await fetchRound([one])
      else rejectAll(round, kafkaFault(reason))
    }
  }

  async function fetchTogether(round: readonly Waiting[]): Promise<void> {
    const { topics: known } = await client.metadata({ topics })
    const byNode = Map.groupBy(round, ({ request }) => {
      return known.get(request.topic)?.partitions[request.partition]?.leader ?? -1
    })
    const ids = new Map(topics.map((topic) => [topic, known.get(topic)?.id ?? '']))
    await Promise.all([...byNode].map(([node, asked]) => fetchFrom(node, asked, ids)))
  }

  async function fetchFrom(
    node: number,
    asked: readonly Waiting[],
    ids: ReadonlyMap<string, string>,
  ): Promise<void> {
    const maxBytes = asked.reduce((sum, { request }) => sum + request.maxBytes, 0)
    const response = await client.fetch({ node, topics: requestOf(asked, ids), maxBytes, minBytes: 1 })
    const found = partitionsOf(response)
    for (const { request, resolve } of asked) {
      const key = `${ids.get(request.topic)}/${request.partition}`
      const partition = found.get(key)
      if (partition) ends.set(key, Number(partition.lastStableOffset))
      resolve(readOf(partition?.records ?? [], request.offset, ends.get(key) ?? request.offset))
    }
  }

  return {
    fetch: (request) =>
      new Promise((resolve, reject) => {
        waiting.push({ request, resolve, reject })
        running ??= run()
      }),
    async offsetOf({ topic, partition }, since) {
      const ask = async (at: bigint): Promise<number> => {
        const query = { topics: [topic], partitions: { [topic]: [partition] }, timestamp: at }
        return Number((await client.listOffsets(query)).get(topic)?.[partition] ?? -1n)
      }
      try {
        const found = await ask(typeof since === 'number' ? BigInt(since) : BOUNDS[since])
        return found >= 0 ? found : await ask(BOUNDS.end)
      } catch (reason) {
        throw kafkaFault(reason)
      }
    },
    async [Symbol.asyncDispose]() {
      await client.close(true).catch(() => {})
      await running
    },
  }
}

function rejectAll(round: readonly Waiting[], fault: Fault): void {
  for (const one of round) one.reject(fault)
}

const keyOf = ({ topic, partition }: KafkaPartition): string => `${topic}/${partition}`

/** What the protocol asks for by a time that is none. */
const BOUNDS = { first: -2n, end: -1n }

/** Each partition once; the same request of several is made once. */
function cutRound(waiting: readonly Waiting[]): readonly Waiting[] {
  const chosen = new Map<string, FetchRequest>()
  return waiting.filter(({ request }) => {
    const key = keyOf(request)
    const other = chosen.get(key)
    if (other) return isSame(request, other)
    chosen.set(key, request)
    return true
  })
}

/** Of the same partition. */
function isSame(one: FetchRequest, other: FetchRequest): boolean {
  return one.offset === other.offset && one.maxBytes === other.maxBytes
}

type FetchTopics = Parameters<Consumer['fetch']>[0]['topics']
type FetchResponse = Awaited<ReturnType<Consumer['fetch']>>

function requestOf(asked: readonly Waiting[], ids: ReadonlyMap<string, string>): FetchTopics {
  const distinct = new Map(asked.map(({ request }) => [keyOf(request), request]))
  return [...Map.groupBy(distinct.values(), ({ topic }) => topic)].map(([topic, requests]) => ({
    topicId: ids.get(topic) ?? '',
    partitions: requests.map(({ partition, offset, maxBytes }) => ({
      partition,
      currentLeaderEpoch: -1,
      fetchOffset: BigInt(offset),
      lastFetchedEpoch: -1,
      partitionMaxBytes: maxBytes,
    })),
  }))
}

type FetchedPartition = FetchResponse['responses'][number]['partitions'][number]
type RecordsBatch = NonNullable<FetchedPartition['records']>[number]

function partitionsOf(response: FetchResponse): ReadonlyMap<string, FetchedPartition> {
  const all = response.responses.flatMap(({ topicId, partitions }) =>
    partitions.map((partition) => [`${topicId}/${partition.partitionIndex}`, partition] as const),
  )
  return new Map(all)
}

/** Bit 5 of a batch's attributes: marks of transactions, which are nobody's data. */
const IS_CONTROL = 0x20

function readOf(batches: readonly RecordsBatch[], offset: number, end: number): Fetched {
  const records: KafkaRead[] = []
  let next = offset
  for (const batch of batches) {
    const first = Number(batch.firstOffset)
    next = Math.max(next, first + batch.lastOffsetDelta + 1)
    if (batch.attributes & IS_CONTROL) continue
    for (const { offsetDelta, key, value, headers } of batch.records) {
      if (first + offsetDelta < offset) continue
      records.push({
        offset: first + offsetDelta,
        key: key?.toString() ?? '',
        value: value ?? undefined,
        headers: new Map(headers.map(([name, text]) => [`${name}`, `${text ?? ''}`])),
      })
    }
  }
  return { records, next, end: Math.max(end, next) }
}
