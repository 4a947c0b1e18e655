import { z } from 'zod'
import { errorName } from '../../../aws/errors.ts'
import { engineFault } from '../../../engine-fault.ts'
import type { EventCarrier } from '../carrier.ts'
import type { EventBridgeParts } from '../parts.ts'
import { rulePattern } from '../rule.ts'
import { createEntrySender, entryBatches } from '../sender.ts'
import { type CustomBusAnswer, type CustomBusClient, createCustomBusClient } from './client.ts'
import { customEntryBytes, resultsOf, toCustomEntry } from './entries.ts'
import { createSubscriberRoute } from './subscriber.ts'

export interface CustomBus {
  /** The role that EventBridge takes to send to the queues of consumers, and to their dead-letter queues. */
  readonly roleArn: string
  /** How long the bus keeps events, in days: 1 to 365. Our own log keeps them for ever. Default 14. */
  readonly retentionDays?: number
  /** Default: AWS's own in the region. */
  readonly endpoint?: string
}

/** Requests one after the other, as a group keeps the order in which its events are sent. */
const AT_ONCE = { entries: 100, bytes: 1_000_000, requests: 1 }
const RETENTION_DAYS = 14
const PATTERN = { maxLength: 4096, wildcards: false }
/** With the longest pause between two looks, over half a minute. */
const LOOKS = 60

export interface CustomParts extends EventBridgeParts {
  readonly custom: CustomBus
  readonly client: CustomBusClient
  /** One request, with the budget of all calls to EventBridge. */
  ask(operation: string, input: object): Promise<CustomBusAnswer>
}

/**
 * EventBridge's custom event bus: a subscriber for each consumer, to which events of one stream come in order.
 * Its bus and subscribers are named by ARNs with a random end, which are looked up by name once.
 */
export function createCustomCarrier(given: EventBridgeParts, custom: CustomBus): EventCarrier {
  const { events } = given.calls
  const { endpoint } = custom
  const where = endpoint === undefined ? {} : { endpoint }
  const client = createCustomBusClient({ classic: given.clients.events, clock: given.wire.clock, ...where })
  const ask = (operation: string, input: object): Promise<CustomBusAnswer> =>
    events.call((abortSignal) => client.call(operation, input, abortSignal))
  const parts = { ...given, custom, client, ask }
  let known: Promise<string> | undefined

  /** A bus that was not found, or that refuses us, may be made anew: whoever comes next looks again. */
  async function withBus<T>(act: (EventBusArn: string) => Promise<T>): Promise<T> {
    known ??= findBus(parts)
    try {
      return await act(await known)
    } catch (reason) {
      known = undefined
      throw reason
    }
  }

  const route = createSubscriberRoute(parts)
  const sender = createEntrySender({
    calls: events,
    requests: AT_ONCE.requests,
    put: (Entries) =>
      withBus(async (EventBusArn) => resultsOf(await ask('PutEvents', { EventBusArn, Entries }))),
  })
  return {
    create: () => createBus(parts),
    check: ({ pattern }) => void rulePattern(pattern, PATTERN),
    route: ({ name, pattern }, queues) =>
      withBus((busArn) => route({ name, busArn, filter: rulePattern(pattern, PATTERN) }, queues)),
    send: (sendings) => sender.send(entryBatches(sendings.map(toCustomEntry), customEntryBytes, AT_ONCE)),
  }
}

async function createBus(parts: CustomParts): Promise<void> {
  const { calls, names, custom, ask } = parts
  const { retentionDays = RETENTION_DAYS } = custom
  const StorageConfiguration = { RetentionPeriodInDays: retentionDays }
  try {
    await ask('CreateEventBus', { Name: names.bus, StorageConfiguration })
  } catch (reason) {
    if (errorName(reason) !== 'ResourceAlreadyExistsException') throw reason
  }
  for (let look = 1; look <= LOOKS; look++) {
    const bus = await lookForBus(parts)
    if (bus?.State === 'ACTIVE') return
    await calls.events.pause(look)
  }
  const message = `The event bus ${names.bus} is still not ready. Try again later.`
  throw engineFault('STORE_UNAVAILABLE', message, { engine: 'eventbridge', kind: 'bus_not_ready' })
}

async function findBus(parts: CustomParts): Promise<string> {
  const bus = await lookForBus(parts)
  if (bus) return bus.EventBusArn
  const message = `There is no event bus "${parts.names.bus}". Create the bus's resources, or check its name and region.`
  throw engineFault('BAD_CONFIG', message, { engine: 'eventbridge', kind: 'missing_bus' })
}

async function lookForBus({ ask, names }: CustomParts): Promise<FoundBus | undefined> {
  // An account has few buses, and these begin with the whole name: one page has them.
  const answer = buses.safeParse(await ask('ListEventBuses', { NamePrefix: names.bus, MaxResults: 100 }))
  return answer.data?.EventBuses.find(({ Name }) => Name === names.bus)
}

const buses = z.object({
  EventBuses: z.array(z.object({ Name: z.string(), EventBusArn: z.string(), State: z.string().optional() })),
})
type FoundBus = z.output<typeof buses>['EventBuses'][number]
