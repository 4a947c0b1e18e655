import type { Result } from '@stoa/platform/result'
import type { Caller } from '../access/access.ts'
import type { Refusal } from '../refusal.ts'
import type { Ending } from './ending.ts'
import type { Subscribing } from './subscribing.ts'

/** Whether whoever subscribed may still hear of it: a token ends, and a subscription can outlive it. */
export interface CredentialsWatch extends Disposable {
  /** To be asked before each event; undefined when all is well. */
  check(): Promise<Ending | undefined>
}

/** Looks now and then, too, for subscriptions that are quiet. */
export function watchCredentials(
  { pipeline, credentials }: Subscribing,
  onRefused: (ending: Ending) => void,
): CredentialsWatch {
  if (!credentials) return { check: NOBODY, [Symbol.dispose]: () => {} }
  const { clock, limits, access } = pipeline

  async function check(): Promise<Ending | undefined> {
    const caller: Result<Caller, Refusal> = await access.identify(credentials ?? {})
    return caller.ok ? undefined : { errors: caller.error.errors }
  }

  async function look(): Promise<void> {
    // Keys that cannot be fetched now are looked for again at the next event.
    const refused = await check().catch(() => undefined)
    if (refused) onRefused(refused)
    else if (!disposed) timer = arm()
  }

  const arm = () => clock.schedule(clock.now() + limits.subscriptions.recheckMs, () => void look())
  let disposed = false
  let timer = arm()
  return {
    check,
    [Symbol.dispose]() {
      disposed = true
      timer.cancel()
    },
  }
}

const NOBODY = async (): Promise<undefined> => undefined
