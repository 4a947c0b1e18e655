import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SQSClient } from '@aws-sdk/client-sqs'
import { systemClock } from '@stoa/platform/clock'
import type { Envelope } from '@stoa/platform/event'
import { type EventBridgeBus, openEventBridgeBus } from '@stoa/platform/event-bus.eventbridge'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { startDynamodbLocal } from '@stoa/servers/dynamodb-local'
import { startMoto } from '@stoa/servers/moto'
import { bareQueue, type Clients, pollBare, publishBare } from './eventbridge-bare.ts'
import { type Contest, inTurns } from './in-turns.ts'

/** One transaction of the log, three requests of PutEvents. */
const BATCH = 30
/** One caller, so that both sides send the same requests: of several, our port makes fewer. */
const WORK = { atOnce: 1, rounds: 5, roundMs: 1200 }

/**
 * The bus on EventBridge, SQS and DynamoDB behind our port and by the bare clients: the same transactions, PutEvents,
 * polls and deletions. The servers are emulators (moto in Python, DynamoDB Local): the figures compare, they do not
 * say what AWS does. Takes about 50 s.
 */
export async function measureEventBridge(): Promise<Record<string, number>> {
  await using moto = await startMoto()
  await using dynamodb = await startDynamodbLocal()
  const clients = clientsOf(moto.endpoint, dynamodb.endpoint)
  try {
    await using bus = await openBus('ours', clients)
    // Its tables and its event bus are the bare clients': nothing of ours reads or writes them.
    await (await openBus('bare', clients))[Symbol.asyncDispose]()
    const bare = (events: readonly Envelope[]): Promise<void> => publishBare(clients, events)
    const published = await named('Publish', {
      ...WORK,
      ours: (n) => bus.publish(batchOf(`ours-${n}`)),
      bare: (n) => bare(batchOf(`bare-${n}`)),
    })
    return { ...published, ...(await measureDelivery(bus, bare, clients)) }
  } finally {
    for (const client of Object.values(clients)) client.destroy()
  }
}

async function openBus(name: string, clients: Clients): Promise<EventBridgeBus> {
  const ports = { clock: systemClock, random: systemRandom, log: silentLog }
  const bus = openEventBridgeBus({ ...ports, clients, name, shards: 1 })
  await bus.create()
  return bus
}

/** From publishing to the last handler's end. */
async function measureDelivery(
  bus: EventBridgeBus,
  bare: (events: readonly Envelope[]) => Promise<void>,
  clients: Clients,
): Promise<Record<string, number>> {
  const [ours, theirs] = [createCounter(), createCounter()]
  await bus.subscribe({
    name: 'bench.count',
    pattern: { source: ['orders'] },
    from: 'latest',
    handle: async ({ data }) => ours.count(String(data['batch'])),
  })
  const polling = new AbortController()
  const polled = pollBare(clients, await bareQueue(clients), polling.signal, theirs.count)
  try {
    return await named('Delivery', {
      ...WORK,
      ours: (n) => ours.all(`d-${n}`, (events) => bus.publish(events)),
      bare: (n) => theirs.all(`d-${n}`, bare),
    })
  } finally {
    polling.abort()
    await polled
  }
}

async function named(name: string, contest: Contest): Promise<Record<string, number>> {
  const { barePerSecond, perSecond, overheadPercent, p99Ms } = await inTurns(contest)
  return {
    [`eventbridgeEmulator${name}EventsPerSecond`]: Math.round(perSecond * BATCH),
    [`eventbridgeEmulatorBare${name}EventsPerSecond`]: Math.round(barePerSecond * BATCH),
    [`eventbridgeEmulator${name}OverheadPercent`]: overheadPercent,
    [`eventbridgeEmulator${name}BatchP99Ms`]: p99Ms,
  }
}

interface Counter {
  readonly count: (batch: string) => void
  /** Publishes a batch and resolves when all of it was counted. */
  readonly all: (batch: string, publish: (events: readonly Envelope[]) => Promise<void>) => Promise<void>
}

function createCounter(): Counter {
  const open = new Map<string, { left: number; readonly resolve: () => void }>()
  return {
    count(batch) {
      const one = open.get(batch)
      if (!one) return
      one.left -= 1
      if (one.left === 0) one.resolve()
    },
    async all(batch, publish) {
      const counted = new Promise<void>((resolve) => open.set(batch, { left: BATCH, resolve }))
      await publish(batchOf(batch))
      await counted
      open.delete(batch)
    },
  }
}

/** Events of as many new streams, about 400 bytes of data each. */
function batchOf(batch: string): readonly Envelope[] {
  return Array.from({ length: BATCH }, (_, i) => ({
    id: `${batch}-${i}`,
    type: 'OrderCreated',
    at: Date.now(),
    stream: `order-${batch}-${i}`,
    version: 1,
    source: 'orders',
    data: { batch, customerId: 'CU-1', total: 12_345, lines: LINES },
    meta: { correlationId: 'R-1' },
  }))
}

const LINES = Array.from({ length: 6 }, (_, i) => ({ sku: `TEE-${i}`, quantity: 2, price: { amount: 1999 } }))

function clientsOf(moto: string, dynamodb: string): Clients {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const config = (endpoint: string) => ({ endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 })
  return {
    dynamodb: new DynamoDBClient(config(dynamodb)),
    events: new EventBridgeClient(config(moto)),
    sqs: new SQSClient(config(moto)),
  }
}
