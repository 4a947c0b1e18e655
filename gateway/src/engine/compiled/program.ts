/** Generated code, ready to be called; nothing in it waits. */
export interface Program<Ref, Known, Representation> {
  readonly groups: readonly { readonly parts: readonly ProgramPart<Ref, Known, Representation>[] }[]
  /** Leaves the answer that was worked on. */
  leave(): void
}

/** What one sub-request tells of the entities of a group. */
export interface ProgramPart<Ref, Known, Representation> {
  readonly batch: number
  /** Tells different representations apart; undefined when what one needs was not found. */
  readonly key: (ref: Ref) => string | undefined
  readonly represent: (ref: Ref, key: string) => Representation
  readonly none: (ref: Ref) => void
  /** Absent when nothing before can have told of it. */
  readonly reuse: ProgramReuse<Ref, Known> | undefined
}

interface ProgramReuse<Ref, Known> {
  readonly store: number
  readonly key: (ref: Ref) => unknown
  /** Answers whether what is known could be taken. */
  readonly take: (run: RunState<Ref, Known>, known: Known, ref: Ref) => boolean
}

/** What is known of the entities met so far in one request. */
export interface RunState<Ref, Known> {
  readonly groups: readonly ReadonlyMap<unknown, Ref>[]
  /** Groups that were asked for: an entity met after that would wait for ever, so it deviates. */
  readonly isAsked: boolean[]
  /** What was told of entities that may be needed again. */
  readonly stores: readonly ReadonlyMap<unknown, Known>[]
}

/** Code for the members that every run has. */
export function runStateCode(groups: number, stores: number): string {
  const list = (one: string, count: number): string => `[${Array.from({ length: count }, () => one).join()}]`
  return `groups: ${list('new Map()', groups)}, isAsked: ${list('false', groups)}, stores: ${list('new Map()', stores)}`
}
