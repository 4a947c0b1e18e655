import type {
  Adopted,
  Claim,
  ClaimRequest,
  ConsumerChange,
  Dead,
  Lease,
  Replay,
  StoredConsumer,
  Waiting,
} from '../bus-log.ts'

/** What is kept of one consumer. */
export interface MemoryConsumer {
  readonly name: string
  request: ClaimRequest
  cursor: number
  fence: number
  readonly waiting: Map<string, Waiting>
  readonly replays: Map<string, Replay>
  /** By id, in the order they died. */
  readonly dead: Map<string, Dead>
  /** Asked for and not yet handed to the owner. */
  fresh: { waiting: Waiting[]; replays: Replay[] }
}

export interface MemoryConsumers {
  all(): readonly MemoryConsumer[]
  claim(request: ClaimRequest, start: number): Claim
  save(change: ConsumerChange): void
  adopt(leases: readonly Lease[]): ReadonlyMap<string, Adopted>
  addReplay(replay: Replay & { readonly consumer: string }): void
  stored(): readonly StoredConsumer[]
}

export function createMemoryConsumers(): MemoryConsumers {
  const consumers = new Map<string, MemoryConsumer>()
  return {
    all: () => [...consumers.values()],
    claim(request, start) {
      const consumer = consumers.get(request.consumer) ?? createConsumer(request, start)
      consumers.set(request.consumer, consumer)
      consumer.request = request
      consumer.fence += 1
      consumer.fresh = { waiting: [], replays: [] }
      return {
        lease: { consumer: consumer.name, owner: request.owner, fence: consumer.fence },
        cursor: consumer.cursor,
        waiting: [...consumer.waiting.values()].toSorted((a, b) => a.position - b.position),
        replays: [...consumer.replays.values()],
      }
    },
    save(change) {
      const consumer = consumers.get(change.lease.consumer)
      if (consumer) saveInto(consumer, change)
    },
    adopt: (leases) => new Map(leases.map(({ consumer }) => [consumer, takeFresh(consumers.get(consumer))])),
    addReplay(replay) {
      const consumer = consumers.get(replay.consumer)
      consumer?.replays.set(replay.run, replay)
      consumer?.fresh.replays.push(replay)
    },
    stored: () => [...consumers.values()].map(describe),
  }
}

export function waitingKey({ position, run }: { readonly position: number; readonly run: string }): string {
  return `${position}/${run}`
}

function createConsumer(request: ClaimRequest, cursor: number): MemoryConsumer {
  return {
    name: request.consumer,
    request,
    cursor,
    fence: 0,
    waiting: new Map(),
    replays: new Map(),
    dead: new Map(),
    fresh: { waiting: [], replays: [] },
  }
}

function saveInto(consumer: MemoryConsumer, change: ConsumerChange): void {
  consumer.cursor = change.cursor ?? consumer.cursor
  for (const waiting of change.put) consumer.waiting.set(waitingKey(waiting), waiting)
  for (const key of change.drop) consumer.waiting.delete(waitingKey(key))
  for (const dead of change.dead) consumer.dead.set(dead.id, dead)
  for (const { run, cursor } of change.replays) {
    const replay = consumer.replays.get(run)
    if (cursor === undefined) consumer.replays.delete(run)
    else if (replay) consumer.replays.set(run, { ...replay, cursor })
  }
}

function takeFresh(consumer: MemoryConsumer | undefined): Adopted {
  if (!consumer) return { waiting: [], replays: [] }
  const { fresh } = consumer
  consumer.fresh = { waiting: [], replays: [] }
  return fresh
}

function describe(consumer: MemoryConsumer): StoredConsumer {
  const waiting = [...consumer.waiting.values()]
  return {
    name: consumer.name,
    cursor: consumer.cursor,
    pattern: consumer.request.pattern,
    imported: consumer.request.imported,
    waiting: waiting.length,
    parked: new Set(waiting.map(({ stream }) => stream)).size,
    deadLetters: consumer.dead.size,
  }
}
