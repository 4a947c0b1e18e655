import { once } from 'node:events'
import { toFault } from '@stoa/platform/fault'
import type { Log } from '@stoa/platform/log'
import { untilStopped } from '@stoa/platform/until-stopped'
import type { ServeOptions } from './options.ts'
import { openService, type Service } from './service.ts'
import { type FromWorker, readMessage, type ToWorker } from './worker-messages.ts'

/** One of several processes on one port: opens and takes what the first process says. Answers the exit code. */
export async function runWorker(options: ServeOptions, log: Log): Promise<number> {
  try {
    const [first] = await once(process, 'message')
    const told = readMessage<ToWorker>(first)
    if (told.type !== 'open') return 0
    const stopped = untilToldToStop()
    await using service = await openService({ options, supergraph: told.supergraph, log })
    process.on('message', (message) => void obey(service, readMessage(message), log))
    say({ type: 'ready', facts: service.facts() })
    await Promise.race([untilStopped(), stopped])
    return 0
  } catch (reason) {
    say(failure(reason))
    return 1
  } finally {
    if (process.connected) process.disconnect?.()
  }
}

async function obey(service: Service, told: ToWorker, log: Log): Promise<void> {
  if (told.type === 'refuse') service.refuse(told.digest)
  if (told.type !== 'take') return
  try {
    await service.take(told.supergraph)
    say({ type: 'took', facts: service.facts() })
  } catch (reason) {
    log.error({ err: reason }, 'a worker could not take the supergraph')
    say(failure(reason))
  }
}

function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    process.on('message', (message) => {
      if (readMessage<ToWorker>(message).type === 'stop') resolve()
    })
  })
}

function failure(reason: unknown): FromWorker {
  const { code, message } = toFault(reason)
  return { type: 'failed', code, message }
}

function say(message: FromWorker): void {
  process.send?.(message)
}
