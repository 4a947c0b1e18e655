import type { EventBus } from '../src/event-bus.ts'

/**
 * Serves one consumer and says which events it has handled, each after `msEach`; every ninth fails the first time. For a
 * process of its own, which ends only by being killed.
 */
export async function serveUntilKilled(bus: EventBus, msEach: number): Promise<void> {
  await bus.subscribe({
    name: 'orders.worker',
    pattern: { source: ['orders'] },
    concurrency: 8,
    retry: { baseMs: 20, capMs: 20 },
    async handle(event, { attempt }) {
      await new Promise((resolve) => setTimeout(resolve, msEach))
      if (attempt === 1 && event.version % 9 === 0) throw new Error('the first time')
      process.stdout.write(`${event.id}\n`)
    },
  })
  setInterval(() => {}, 1000)
}
