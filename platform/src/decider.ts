import type { Result } from './result.ts'

/** A fact as the domain makes it, before it gets an id: `{ type: 'OrderCreated', data: {…} }`. */
export interface Fact {
  readonly type: string
  readonly data: object
  /** When it was recorded, epoch milliseconds: what `evolve` sees of time. `decide` leaves it out. */
  readonly at?: number
}

/**
 * One aggregate as pure functions: what is decided, and what becomes true by it.
 * Time, ids and prices come in with the command.
 */
export interface Decider<State, Command, Event extends Fact, Refusal> {
  readonly initial: State
  /** No events and no refusal means: nothing to do, already so. */
  readonly decide: (state: State, command: Command) => Result<readonly Event[], Refusal>
  readonly evolve: (state: State, event: Event) => State
}
