import { setTimeout as wait } from 'node:timers/promises'
import type { Envelope } from '../src/event.ts'
import type { EventBus } from '../src/event-bus.ts'
import { toFault } from '../src/fault.ts'

/** Publishes again until it is acknowledged, as a relay does. Notes the codes of what went wrong. */
export async function publishStubbornly(bus: EventBus, event: Envelope, codes: Set<string>): Promise<void> {
  for (;;) {
    const fault = await bus.publish([event]).then(() => undefined, toFault)
    if (!fault) return
    codes.add(fault.code)
    await wait(100)
  }
}
