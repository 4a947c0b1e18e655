import type { Clock } from './clock.ts'
import type { Decider, Fact } from './decider.ts'
import type { EventMeta, NewEvent, RecordedEvent } from './event.ts'
import type { Append, EventStore } from './event-store.ts'
import { Fault } from './fault.ts'
import { type IdempotencyKey, idempotencyRow, type KeyReused, readIdempotent } from './idempotency.ts'
import type { JsonObject } from './json.ts'
import type { Random } from './random.ts'
import { ok, type Result } from './result.ts'
import type { RowWrite } from './table-store.ts'

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

/** Tries to win a race this often before saying CONFLICT; with jitter-free retries ten contenders all get through. */
const MAX_TRIES = 12

/** The one handler for every command: load, fold, decide, append at the expected version, try again on conflict. */
export async function handleCommand<State, Command, Event extends Fact, Refusal>(
  ports: CommandPorts,
  request: CommandRequest<State, Command, Event, Refusal>,
): Promise<Result<CommandOutcome<State, Event>, Refusal | KeyReused>> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
    const answered = await readIdempotent<CommandOutcome<State, Event>>(ports.store, request.idempotency)
    if (answered) return answered
    const current = await loadState(ports.store, request)
    const decided = request.decider.decide(current.state, request.command)
    if (!decided.ok) return decided
    const at = ports.clock.now()
    const outcome = applied(request.decider, current, { events: decided.value, at })
    const committed = await commit(ports, request, { current, outcome, at })
    if (committed) return ok(outcome)
  }
  throw new Fault(
    'CONFLICT',
    `Stream ${request.stream} changed ${MAX_TRIES} times while we decided. Try again.`,
  )
}

/** Reads a whole stream and folds it. */
export async function loadState<State, Command, Event extends Fact, Refusal>(
  store: EventStore,
  of: { readonly stream: string; readonly decider: Decider<State, Command, Event, Refusal> },
): Promise<{ readonly state: State; readonly version: number }> {
  let state = of.decider.initial
  let version = 0
  for (;;) {
    const page = await store.load(of.stream, { after: version, limit: 1000 })
    for (const event of page) state = of.decider.evolve(state, asFact<Event>(event))
    version = page.at(-1)?.version ?? version
    if (page.length < 1000) return { state, version }
  }
}

function applied<State, Command, Event extends Fact, Refusal>(
  decider: Decider<State, Command, Event, Refusal>,
  current: { readonly state: State; readonly version: number },
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
  const appends: readonly Append[] =
    outcome.events.length === 0
      ? []
      : [
          {
            stream: request.stream,
            expectedVersion: current.version,
            events: outcome.events.map((event) => newEvent(ports, { ...event, at }, request.meta)),
          },
        ]
  if (appends.length === 0 && rows.length === 0) return true
  return (await ports.store.commit({ appends, rows })).ok
}

interface Step<State, Event extends Fact> {
  readonly current: { readonly state: State; readonly version: number }
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
