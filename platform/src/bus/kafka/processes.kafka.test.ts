import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startKafka, whyNoKafka } from '@stoa/servers/kafka'
import type { LocalServer } from '@stoa/servers/local-server'
import { eventually } from '../../../test/eventually.ts'
import { quickBroker, quickKafka } from '../../../test/quick-kafka.ts'
import { systemClock } from '../../clock.ts'
import { openKafkaBus } from '../../event-bus.kafka.ts'
import type { EventBus } from '../../event-bus.ts'
import { silentLog } from '../../log.ts'
import { systemRandom } from '../../random.ts'
import { listener, told } from '../contract/bench.contract.ts'
import { type SharedOptions, sharedBusContract } from '../contract/shared.contract.ts'

const reason = whyNoKafka()
const describeHere = reason ? describe.skip : describe
const workerMain = new URL('../../../test/handle-from-kafka-main.ts', import.meta.url).pathname

describeHere(reason ? `Kafka is not tried: ${reason}` : 'a Kafka bus shared by processes', () => {
  let server: LocalServer
  let prefixes = 0

  beforeAll(async () => {
    server = await startKafka({ settings: quickBroker })
  })

  afterAll(async () => {
    await server[Symbol.asyncDispose]()
  })

  function newPrefix(): string {
    prefixes += 1
    return `processes-${prefixes}.`
  }

  function open(prefix: string, options: SharedOptions = {}): Promise<EventBus> {
    const ports = { clock: systemClock, random: systemRandom, log: silentLog }
    return openKafkaBus({ ...ports, ...quickKafka, brokers: [server.endpoint], prefix, ...options })
  }

  sharedBusContract({
    serving: 'many',
    async share() {
      const prefix = newPrefix()
      return {
        open: (options) => open(prefix, options),
        worker: [workerMain, server.endpoint, prefix],
        [Symbol.asyncDispose]: async () => {},
      }
    },
  })

  it('shares the partitions of a consumer among those who serve it, and gives them on', async () => {
    const prefix = newPrefix()
    await using ada = await open(prefix)
    await using bo = await open(prefix)
    const [first, second] = [listener('orders.worker'), listener('orders.worker')]
    const subscription = await ada.subscribe(first.consumer)
    await bo.subscribe(second.consumer)
    let version = 0
    const publishRound = async (): Promise<void> => {
      version += 1
      await ada.publish(Array.from({ length: 12 }, (_, i) => told(`s-${i}`, version)))
      await wait(100)
    }
    while (second.handled.length === 0 && version < 100) await publishRound()
    const before = second.handled.length
    await publishRound()
    await eventually(() => second.handled.length > before, 'the share of the second')
    await subscription[Symbol.asyncDispose]()
    const handledByFirst = first.handled.length
    await publishRound()
    const all = (): ReadonlySet<string> => new Set([...first.handled, ...second.handled])
    await eventually(() => all().size === 12 * version, 'all events')
    expect(first.handled.length).toBe(handledByFirst)
    for (let i = 0; i < 12; i++) {
      const told = [...all()].filter((id) => id.startsWith(`s-${i}@`))
      expect(told.length).toBe(version)
    }
  })

  it('takes over from a process that hangs, and drops its late words when it comes back', async () => {
    const prefix = newPrefix()
    await using bus = await open(prefix)
    await using worker = await startWorker(server.endpoint, prefix)
    await bus.publish([told('order-1', 1)])
    await eventually(() => worker.handled().length === 1, 'the first event')
    worker.child.kill('SIGSTOP')
    await bus.publish([told('order-1', 2)])
    const next = listener('orders.worker')
    await bus.subscribe(next.consumer)
    await eventually(() => next.handled.includes('order-1@2'), 'the take-over', 30_000)
    worker.child.kill('SIGCONT')
    await bus.publish([told('order-1', 3)])
    await eventually(() => [...next.handled, ...worker.handled()].includes('order-1@3'), 'the third event')
    await eventually(async () => (await bus.consumers())[0]?.lag === 0, 'the end')
  }, 60_000)
})

interface Worker extends AsyncDisposable {
  readonly child: ChildProcess
  handled(): readonly string[]
  kill(): Promise<void>
}

async function startWorker(broker: string, prefix: string): Promise<Worker> {
  const child = spawn(process.execPath, [workerMain, broker, prefix], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const closed = once(child, 'close')
    child.kill('SIGKILL')
    await closed
  }
  try {
    await eventually(() => said.startsWith('serving'), 'the worker', 60_000)
  } catch (reason) {
    await kill()
    throw reason
  }
  return {
    child,
    kill,
    // The last line may be cut in two by the kill.
    handled: () => said.split('\n').slice(1, -1),
    [Symbol.asyncDispose]: kill,
  }
}
