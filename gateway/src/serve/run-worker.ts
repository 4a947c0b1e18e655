import { Fault } from '@stoa/platform/fault'
import type { Log } from '@stoa/platform/log'
import { runWorker } from '@stoa/platform/run-worker'
import type { ServeOptions } from './options.ts'
import { openService, type Service, type ServiceFacts } from './service.ts'
import type { Told } from './worker-messages.ts'

/** One of several processes on one port: opens and takes what the first process says. Answers the exit code. */
export function runServiceWorker(options: ServeOptions, log: Log): Promise<number> {
  return runWorker<Told, ServiceFacts>(log, async (told) => {
    if (told.type !== 'take') throw new Fault('BAD_REQUEST', 'Expected to be told first what to serve.')
    const service = await openService({ options, supergraph: told.supergraph, log })
    return {
      facts: () => service.facts(),
      obey: (next) => obey(service, next),
      [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
    }
  })
}

async function obey(service: Service, told: Told): Promise<void> {
  if (told.type === 'refuse') service.refuse(told.digest)
  else await service.take(told.supergraph)
}
