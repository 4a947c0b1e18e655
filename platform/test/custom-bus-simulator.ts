import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { SQSClient } from '@aws-sdk/client-sqs'
import { cbor } from '@smithy/core/cbor'
import type { CustomBus } from '../src/bus/eventbridge/custom/carrier.ts'
import { invariant } from '../src/invariant.ts'
import {
  arnOf,
  type Bus,
  type CustomBusLedger,
  createCustomBusLedger,
  type PutEntry,
  patternOf,
} from './custom-bus-ledger.ts'
import { whyRefused } from './signature-check.ts'

/**
 * EventBridge's custom event bus behind the network, by the service's model (`eventbridgev2`, 2025-05-15): Smithy RPC v2
 * in CBOR, signatures checked, queues on moto for targets. It answers PutEvents when the queues have the events.
 */
export interface CustomBusSimulator extends AsyncDisposable {
  readonly endpoint: string
  readonly ledger: CustomBusLedger
  /** What was asked, in order. */
  readonly asked: { readonly operation: string; readonly input: unknown }[]
  /** The next requests for an operation are refused with these errors, one each. */
  refuseNext(operation: string, ...errors: readonly string[]): void
  /** The next entries put are left over with this error. */
  leaveNext(entries: number, errorCode: string): void
  /** Milliseconds that its clock is ahead of ours. */
  setClock(aheadMs: number): void
}

/** A bus of this shop that the simulator plays. */
export function customBusAt(endpoint: string): CustomBus {
  return { endpoint, roleArn: 'arn:aws:iam::123456789012:role/stoa-carrier' }
}

class Refused extends Error {
  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

const STATUS: Readonly<Record<string, number>> = {
  AccessDeniedException: 403,
  ConcurrentModificationException: 409,
  InternalException: 500,
  InvalidSignatureException: 403,
  ResourceAlreadyExistsException: 409,
  ResourceNotFoundException: 404,
  ThrottlingException: 429,
}

export async function startCustomBus(moto: string): Promise<CustomBusSimulator> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const sqs = new SQSClient({ endpoint: moto, region: 'eu-west-1', credentials })
  const ledger = createCustomBusLedger(sqs)
  const operations = operationsOf(ledger)
  const asked: CustomBusSimulator['asked'] = []
  const refusals = new Map<string, string[]>()
  let left = { entries: 0, errorCode: '' }
  let aheadMs = 0

  async function answer(request: IncomingMessage): Promise<unknown> {
    const body = await buffer(request)
    const why = await whyRefused(request, body, { credentials, now: Date.now() + aheadMs })
    if (why) throw new Refused('InvalidSignatureException', why)
    const operation = operationOf(request)
    const refused = refusals.get(operation)?.shift()
    if (refused) throw new Refused(refused, `Refused ${operation}.`)
    const input = cbor.deserialize(body)
    asked.push({ operation, input })
    if (operation === 'PutEvents') return await putEvents(input)
    const known = operations[operation]
    if (!known) throw new Refused('UnknownOperationException', `Unknown operation ${operation}.`)
    return await known(input)
  }

  async function putEvents({ EventBusArn, Entries }: Input): Promise<unknown> {
    const bus = busOf(ledger, EventBusArn)
    if (Entries.length < 1 || Entries.length > 100)
      throw new Refused('InvalidInputException', `Entries: 1 to 100, got ${Entries.length}.`)
    const results: Readonly<Record<string, string>>[] = []
    for (const entry of Entries) {
      const isLeft = left.entries > 0
      left = { ...left, entries: Math.max(0, left.entries - 1) }
      results.push(
        isLeft ? { ErrorCode: left.errorCode, ErrorMessage: 'left over' } : await ledger.put(bus, entry),
      )
    }
    const FailedEntryCount = results.filter(({ ErrorCode }) => ErrorCode !== undefined).length
    return { FailedEntryCount, Entries: results }
  }

  const server = createServer(async (request, response) => {
    response.setHeader('smithy-protocol', 'rpc-v2-cbor')
    response.setHeader('content-type', 'application/cbor')
    response.setHeader('date', new Date(Date.now() + aheadMs).toUTCString())
    try {
      response.end(cbor.serialize(await answer(request)))
    } catch (reason) {
      const { name, message } = reason instanceof Error ? reason : new Error(String(reason))
      response.statusCode = STATUS[name] ?? (reason instanceof Refused ? 400 : 500)
      response.end(cbor.serialize({ __type: `com.amazonaws.eventsv2#${name}`, Message: message }))
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  invariant(address !== null && typeof address === 'object', 'a listening TCP server has an address')
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    ledger,
    asked,
    refuseNext: (operation, ...errors) => void refusals.set(operation, [...errors]),
    leaveNext(entries, errorCode) {
      left = { entries, errorCode }
    },
    setClock(ms) {
      aheadMs = ms
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      sqs.destroy()
    },
  }
}

function operationOf({ url = '', headers }: IncomingMessage): string {
  const [, operation] = /^\/service\/AWSEventsV2\/operation\/(\w+)$/.exec(url) ?? []
  if (operation === undefined || headers['smithy-protocol'] !== 'rpc-v2-cbor')
    throw new Refused('UnknownOperationException', `Expected a request of Smithy RPC v2, got ${url}.`)
  return operation
}

/** What a request says, as far as it is used; the service's model has the rest. */
interface Input {
  readonly Name: string
  readonly NamePrefix: string
  readonly EventBusArn: string
  readonly SubscriberArn: string
  readonly Entries: readonly PutEntry[]
  readonly FilterConfiguration: {
    readonly Filters: readonly { readonly Scope: string; readonly Pattern: string }[]
  }
  readonly InvokeConfiguration: { readonly RoleArn: string; readonly TargetArn: string }
}

function operationsOf(ledger: CustomBusLedger): Record<string, (input: Input) => unknown> {
  const { buses, subscribers } = ledger
  /** One subscriber of a bus is changed at a time. */
  let isBusy = false

  async function alone<T>(change: () => T): Promise<T> {
    if (isBusy) throw new Refused('ConcurrentModificationException', 'A subscriber is being changed.')
    isBusy = true
    try {
      await wait(5)
      return change()
    } finally {
      isBusy = false
    }
  }

  return {
    CreateEventBus({ Name }) {
      if (buses.has(Name)) throw new Refused('ResourceAlreadyExistsException', `${Name} exists.`)
      const bus: Bus = { name: Name, arn: arnOf('event-busv2', Name), looks: 0 }
      buses.set(Name, bus)
      return { EventBusArn: bus.arn, Name, State: 'CREATING' }
    },
    ListEventBuses: ({ NamePrefix }) => ({
      EventBuses: [...buses.values()].filter(({ name }) => name.startsWith(NamePrefix)).map(summaryOf),
    }),
    ListSubscribers: ({ EventBusArn, NamePrefix }) => ({
      Subscribers: [...subscribers.values()]
        .filter(({ busArn, name }) => busArn === EventBusArn && name.startsWith(NamePrefix))
        .map(({ name, arn }) => ({ Name: name, SubscriberArn: arn })),
    }),
    CreateSubscriber: (input) =>
      alone(() => {
        const { Name, EventBusArn, InvokeConfiguration: invoke } = input
        busOf(ledger, EventBusArn)
        if ([...subscribers.values()].some(({ busArn, name }) => busArn === EventBusArn && name === Name))
          throw new Refused('ResourceAlreadyExistsException', `${Name} exists.`)
        const own = { name: Name, arn: arnOf('subscriber', Name), busArn: EventBusArn }
        const target = { queueArn: invoke.TargetArn, roleArn: invoke.RoleArn }
        subscribers.set(own.arn, { ...own, ...target, pattern: filterOf(input) })
        return { SubscriberArn: own.arn, Name, State: 'RUNNING' }
      }),
    UpdateSubscriber: (input) =>
      alone(() => {
        const known = subscribers.get(input.SubscriberArn)
        if (!known) throw new Refused('ResourceNotFoundException', 'No such subscriber.')
        known.pattern = filterOf(input)
        known.roleArn = input.InvokeConfiguration.RoleArn
        return { SubscriberArn: known.arn, Name: known.name, State: 'RUNNING' }
      }),
  }
}

function summaryOf(bus: Bus): object {
  bus.looks += 1
  return { Name: bus.name, EventBusArn: bus.arn, State: bus.looks > 1 ? 'ACTIVE' : 'CREATING' }
}

function filterOf({ FilterConfiguration: { Filters } }: Input): string {
  const [filter] = Filters
  if (Filters.length !== 1 || filter?.Scope !== 'DATA' || !patternOf(filter.Pattern))
    throw new Refused('InvalidInputException', 'Expected one filter of the data, in the syntax of patterns.')
  return filter.Pattern
}

function busOf({ buses }: CustomBusLedger, arn: string): Bus {
  const bus = [...buses.values()].find((one) => one.arn === arn)
  if (!bus) throw new Refused('ResourceNotFoundException', 'No such event bus.')
  return bus
}
