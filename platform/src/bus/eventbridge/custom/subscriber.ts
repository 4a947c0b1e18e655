import { z } from 'zod'
import { errorName } from '../../../aws/errors.ts'
import { alone } from '../alone.ts'
import type { CarrierQueues } from '../carrier.ts'
import { resourceName } from '../rule.ts'
import type { CustomParts } from './carrier.ts'

export interface FilteredConsumer {
  readonly name: string
  readonly busArn: string
  /** JSON text, matched against the event in the shape that patterns know. */
  readonly filter: string
}

/** As long as EventBridge tries: a day. What it then gives up on goes to the dead-letter queue, and comes by the log. */
const RETRY = { MaxRetryAttempts: 185, MaxEventAgeInSeconds: 86_400 }

/**
 * Subscribers of consumers: made, or brought up to date. All start with what comes from now on: what was before, from
 * wherever a consumer starts, is read from the log, once and in order, and not told a second time by the bus.
 */
export function createSubscriberRoute(
  parts: CustomParts,
): (consumer: FilteredConsumer, queues: CarrierQueues) => Promise<void> {
  const { names, calls, client, custom, ask } = parts

  async function change(operation: string, input: object): Promise<void> {
    await alone(calls.events, (signal) => client.call(operation, input, signal))
  }

  async function find(named: Named): Promise<string | undefined> {
    const { EventBusArn, Name } = named
    // Names end with a digest of the consumer's, so that hardly another begins with one.
    const answer = subscribers.safeParse(await ask('ListSubscribers', { EventBusArn, NamePrefix: Name }))
    return answer.data?.Subscribers.find((one) => one.Name === Name)?.SubscriberArn
  }

  return async ({ name, busArn, filter }, { queue, dead }) => {
    const named = { EventBusArn: busArn, Name: resourceName(names.bus, name) }
    const Filters = [{ Scope: 'DATA', Pattern: filter }]
    const FilterConfiguration = { Language: 'EVENT_BRIDGE_PATTERN', Filters }
    const known = await find(named)
    const RoleArn = custom.roleArn
    const wanted = { FilterConfiguration, RetryPolicy: RETRY, OnFailureConfiguration: { Arn: dead.arn } }
    if (known !== undefined) {
      const InvokeConfiguration = { RoleArn }
      await change('UpdateSubscriber', { SubscriberArn: known, ...wanted, InvokeConfiguration })
      return
    }
    const making = change('CreateSubscriber', {
      ...named,
      ...wanted,
      Type: 'FIFO',
      StartingPosition: 'LATEST',
      InvokeConfiguration: { RoleArn, TargetArn: queue.arn },
    })
    // Another process with the same consumer may be first.
    await making.catch((reason) => {
      if (errorName(reason) !== 'ResourceAlreadyExistsException') throw reason
    })
  }
}

interface Named {
  readonly EventBusArn: string
  readonly Name: string
}

const subscribers = z.object({
  Subscribers: z.array(z.object({ Name: z.string(), SubscriberArn: z.string() })),
})
