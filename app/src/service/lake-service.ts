import { openLake } from '../open-lake.ts'
import { listenForHealth } from './health-server.ts'
import type { LakeConfig } from './service-config.ts'
import type { RunningService, ServiceTools } from './service-parts.ts'

/** The archive of every event, as a consumer of the bus in a process of its own. It answers whether it is well. */
export async function openLakeService(config: LakeConfig, tools: ServiceTools): Promise<RunningService> {
  const { clock, random, engines, log } = tools
  await using opening = new AsyncDisposableStack()
  const bus = opening.use(await engines.bus())
  opening.use(await openLake({ place: config.place, bus, clock, random }))
  const server = opening.use(await listenForHealth(config, log))
  const opened = opening.move()
  return { url: server.url, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}
