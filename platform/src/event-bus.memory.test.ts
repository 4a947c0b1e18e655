import { eventBusContract } from './event-bus.contract.ts'
import { openMemoryBus } from './event-bus.memory.ts'

eventBusContract({
  name: 'the memory bus',
  durable: false,
  runs: 100,
  place: async () => ({ open: openMemoryBus, [Symbol.asyncDispose]: async () => {} }),
})
