import { coerceInputValue, type GraphQLInputObjectType } from 'graphql'
import { type EventRegistry, readEventRegistry } from './event-registry.ts'
import type { EventData } from './events.generated.ts'
import { createReader, type Reader, type ReaderOptions } from './tolerant-reader.ts'

export type * from './events.generated.ts'

/** The name of an event: `OrderCreated`. */
export type EventType = keyof EventData

/** One event by its name: `EventOf<'OrderCreated'>` is `{ type: 'OrderCreated', data: OrderCreated }`. */
export type EventOf<T extends EventType> = T extends EventType
  ? { readonly type: T; readonly data: EventData[T] }
  : never

/** Any event of the registry; `switch` on its `type`. */
export type StoaEvent = EventOf<EventType>

/** What is wrong with an event, and exactly where: `OrderCreated.lines[0].quantity`. */
export interface EventProblem {
  readonly at: string
  readonly message: string
}

/** Shaped like platform's Result, which schema may not import. */
export type EventResult =
  | { readonly ok: true; readonly value: StoaEvent }
  | { readonly ok: false; readonly error: readonly EventProblem[] }

interface Candidate {
  readonly type: string
  readonly data: unknown
}

interface Contract {
  readonly input: GraphQLInputObjectType
  /** Throws when something is not as declared. */
  readonly read: Reader
  /** Only leaves out what is not declared. */
  readonly prune: Reader
}

/** For consumers: fields that are not known here (or are null) are left out, everything else must be as declared. */
export function parseEvent(event: Candidate): EventResult {
  const contract = contracts().get(event.type)
  if (!contract) return unknownType(event.type)
  try {
    return accept(event.type, contract.read(event.data))
  } catch {
    return coerce(event.type, contract, contract.prune(event.data))
  }
}

/** For producers: exactly as declared, a field too many is a problem. */
export function checkEvent(event: Candidate): EventResult {
  const contract = contracts().get(event.type)
  return contract ? coerce(event.type, contract, event.data) : unknownType(event.type)
}

/** Every event's name, in the order of events.graphql. */
export function eventTypes(): readonly EventType[] {
  // The names in EventData are generated from the same file.
  return [...contracts().keys()] as EventType[]
}

let compiled: ReadonlyMap<string, Contract> | undefined

function contracts(): ReadonlyMap<string, Contract> {
  compiled ??= compile(readEventRegistry())
  return compiled
}

function compile(registry: EventRegistry): ReadonlyMap<string, Contract> {
  const checking: ReaderOptions = { check: true, known: new Map() }
  const pruning: ReaderOptions = { check: false, known: new Map() }
  return new Map(
    registry.entries.map(({ type, input }) => [
      type,
      { input, read: createReader(input, checking), prune: createReader(input, pruning) },
    ]),
  )
}

function coerce(type: string, contract: Contract, data: unknown): EventResult {
  const problems: EventProblem[] = []
  const value = coerceInputValue(data ?? {}, contract.input, (path, _value, error) => {
    problems.push({ at: `${type}${printPath(path)}`, message: error.message })
  })
  return problems.length > 0 ? { ok: false, error: problems } : accept(type, value)
}

function accept(type: string, data: unknown): EventResult {
  // Checked just now against the same SDL that StoaEvent is generated from.
  return { ok: true, value: { type, data } as StoaEvent }
}

function printPath(path: readonly (string | number)[]): string {
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
}

function unknownType(type: string): EventResult {
  const message = `Expected the name of an event from schema/events.graphql, got ${JSON.stringify(type)}.`
  return { ok: false, error: [{ at: 'type', message }] }
}
