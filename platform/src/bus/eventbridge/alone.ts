import type { AwsCalls } from '../../aws/call.ts'
import { errorName } from '../../aws/errors.ts'

const TRIES = 20

/** Several processes may come up with the same consumer at once: EventBridge changes one thing at a time. */
export async function alone<T>(calls: AwsCalls, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await calls.call(send)
    } catch (reason) {
      if (errorName(reason) !== 'ConcurrentModificationException' || attempt === TRIES) throw reason
      await calls.pause(attempt)
    }
  }
}
