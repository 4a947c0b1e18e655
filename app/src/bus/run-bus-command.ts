import { resolve } from 'node:path'
import { systemClock } from '@stoa/platform/clock'
import type { EventBus } from '@stoa/platform/event-bus'
import { toFault } from '@stoa/platform/fault'
import { systemRandom } from '@stoa/platform/random'
import type { Env } from '@stoa/platform/subgraph'
import { complain, explain } from '../complain.ts'
import { requireShop } from '../existing-shop.ts'
import { openEngines } from '../stacks/stack.ts'
import { openLog } from '../terminal-log.ts'
import { type BusOptions, busHelp, parseBusOptions } from './options.ts'

/** `npm run bus`: what an operator does to the bus of a shop, which may be running. Answers the exit code. */
export async function runBusCommand(args: readonly string[], env: Env): Promise<number> {
  const options = parseBusOptions(args)
  if (!options.ok) return complain(options.error, WHAT)
  if (options.value === 'help') {
    process.stdout.write(busHelp)
    return 0
  }
  try {
    const { stack, persist } = options.value
    if (stack === 'embedded') requireShop(persist ?? '')
    const tools = { clock: systemClock, random: systemRandom, log: openLog('warn') }
    const folder = persist === undefined ? {} : { folder: resolve(persist) }
    await using engines = await openEngines(stack, { ...tools, ...folder, env })
    await using bus = await engines.bus()
    for (const line of await carryOut(bus, options.value)) process.stdout.write(`${JSON.stringify(line)}\n`)
    return 0
  } catch (reason) {
    return complain(explain(toFault(reason)), WHAT)
  }
}

const WHAT = 'Nothing was done to the bus.'

async function carryOut(bus: EventBus, options: BusOptions): Promise<readonly object[]> {
  const { command, limit, from, to, consumer = '' } = options
  const times = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  const letters = {
    limit,
    ...(options.consumer === undefined ? {} : { consumer }),
    ...(options.ids === undefined ? {} : { ids: options.ids }),
  }
  switch (command) {
    case 'consumers':
      return await bus.consumers()
    case 'dead-letters':
      return await bus.deadLetters(letters)
    case 'redrive':
      return [{ redriven: await bus.redrive(letters) }]
    case 'discard':
      return [{ discarded: await bus.discard(letters) }]
    case 'replay':
      return [{ replayed: await bus.replay({ consumer, ...times }) }]
    case 'archive':
      return await firstOf(bus, { limit, ...times })
  }
}

/** A page may end early without being the last. */
async function firstOf(bus: EventBus, query: Parameters<EventBus['archive']>[0]): Promise<readonly object[]> {
  const found: object[] = []
  let after: string | undefined
  do {
    const page = await bus.archive({
      ...query,
      limit: query.limit - found.length,
      ...(after ? { after } : {}),
    })
    found.push(...page.events)
    after = page.next
  } while (after !== undefined && found.length < query.limit)
  return found
}
