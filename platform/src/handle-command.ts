import type { Clock } from './clock.ts'
import type { Decider, Fact } from './decider.ts'
import type { EventMeta, NewEvent, RecordedEvent } from './event.ts'
import type { Append, EventStore } from './event-store.ts'
import { type IdempotencyKey, idempotencyRow, type KeyReused, readIdempotent } from './idempotency.ts'
import type { JsonObject } from './json.ts'
import type { Random } from './random.ts'
import { ok, type Result } from './result.ts'
import type { RowWrite } from './table-store.ts'
import { winRace } from './win-race.ts'

export interface CommandPorts {
  readonly store: EventStore
  readonly clock: Clock
  readonly random: Random
}

export interface CommandRequest<State, Command, Event extends Fact, Refusal> {
  readonly stream: string
  readonly decider: Decider<State, Command, Event, Refusal>
  readonly command: Command
  readonly meta: EventMeta
  /**
   * Whose chain the facts belong to: that of this request, or for ever that of the stream's first fact, so that
   * what a vendor's notice leads to is still found under the order's own correlation id. Default `request`.
   */
  readonly chain?: 'request' | 'stream'
  /** Same key, same answer, one effect. Reactions use the id of the event they react to. */
  readonly idempotency?: IdempotencyKey
  /** Rows to write in the same transaction, such as the current state for quick reading. */
  readonly rows?: (outcome: CommandOutcome<State, Event>, before: State) => readonly RowWrite[]
}

export interface CommandOutcome<State, Event extends Fact> {
  readonly state: State
  readonly version: number
  readonly events: readonly Event[]
}

/** The one handler for every command: load, fold, decide, append at the expected version, try again on conflict. */
export async function handleCommand<State, Command, Event extends Fact, Refusal>(
  ports: CommandPorts,
  request: CommandRequest<State, Command, Event, Refusal>,
): Promise<Result<CommandOutcome<State, Event>, Refusal | KeyReused>> {
  return await winRace(ports, request.stream, () => tryOnce(ports, request))
}

/** Undefined when somebody else was faster. */
async function tryOnce<State, Command, Event extends Fact, Refusal>(
  ports: CommandPorts,
  request: CommandRequest<State, Command, Event, Refusal>,
): Promise<Result<CommandOutcome<State, Event>, Refusal | KeyReused> | undefined> {
  const answered = await readIdempotent<CommandOutcome<State, Event>>(ports.store, request.idempotency)
  if (answered) return answered
  const current = await loadState(ports.store, request)
  const decided = request.decider.decide(current.state, request.command)
  if (!decided.ok) return decided
  const at = ports.clock.now()
  const outcome = applied(request.decider, current, { events: decided.value, at })
  return (await commit(ports, request, { current, outcome, at })) ? ok(outcome) : undefined
}

/** A stream as it was read. */
export interface Current<State> {
  readonly state: State
  readonly version: number
  /** Where its first fact came from; absent while it has none. */
  readonly origin?: EventMeta
}

/** Reads a whole stream and folds it. */
export async function loadState<State, Command, Event extends Fact, Refusal>(
  store: EventStore,
  of: { readonly stream: string; readonly decider: Decider<State, Command, Event, Refusal> },
): Promise<Current<State>> {
  let state = of.decider.initial
  let version = 0
  let origin: EventMeta | undefined
  for (;;) {
    const page = await store.load(of.stream, { after: version, limit: 1000 })
    origin ??= page[0]?.meta
    for (const event of page) state = of.decider.evolve(state, asFact<Event>(event))
    version = page.at(-1)?.version ?? version
    if (page.length < 1000) return { state, version, ...(origin && { origin }) }
  }
}

function applied<State, Command, Event extends Fact, Refusal>(
  decider: Decider<State, Command, Event, Refusal>,
  current: Current<State>,
  { events, at }: { readonly events: readonly Event[]; readonly at: number },
): CommandOutcome<State, Event> {
  // The same time as the recorded event will have: a state is the same whether just decided or read back.
  const state = events.reduce((before, event) => decider.evolve(before, { ...event, at }), current.state)
  return { state, version: current.version + events.length, events }
}

async function commit<State, Command, Event extends Fact, Refusal>(
  ports: CommandPorts,
  request: CommandRequest<State, Command, Event, Refusal>,
  step: Step<State, Event>,
): Promise<boolean> {
  const { outcome, current, at } = step
  const record = request.idempotency ? [idempotencyRow(request.idempotency, outcome, at)] : []
  const rows = [...(request.rows?.(outcome, current.state) ?? []), ...record]
  const meta = request.chain === 'stream' ? inChain(current.origin, request.meta) : request.meta
  const appends: readonly Append[] =
    outcome.events.length === 0
      ? []
      : [
          {
            stream: request.stream,
            expectedVersion: current.version,
            events: outcome.events.map((event) => newEvent(ports, { ...event, at }, meta)),
          },
        ]
  if (appends.length === 0 && rows.length === 0) return true
  return (await ports.store.commit({ appends, rows })).ok
}

/** A request that joins a chain is the cause of what follows from it, unless something else is named. */
function inChain(origin: EventMeta | undefined, meta: EventMeta): EventMeta {
  if (!origin) return meta
  return { causationId: meta.correlationId, ...meta, correlationId: origin.correlationId }
}

interface Step<State, Event extends Fact> {
  readonly current: Current<State>
  readonly outcome: CommandOutcome<State, Event>
  readonly at: number
}

/** Gives a decided fact its id, and its time if it has none yet. */
export function newEvent(
  ports: Pick<CommandPorts, 'clock' | 'random'>,
  fact: Fact,
  meta: EventMeta,
): NewEvent {
  // Facts are declared in schema/events.graphql, whose types are plain JSON by construction.
  return {
    id: ports.random.uuid(),
    type: fact.type,
    at: fact.at ?? ports.clock.now(),
    data: fact.data as JsonObject,
    meta,
  }
}

function asFact<Event extends Fact>(event: RecordedEvent): Event {
  // What was appended to this stream was made by this decider, so it is one of its events.
  return { type: event.type, data: event.data, at: event.at } as unknown as Event
}
