import type { Program, ProgramPart, RunState } from '../program.ts'

/** Functions over objects. What they work on is handed to `enter` first. */
export interface ObjectProgram extends Program<ObjectRef, Known, Representation> {
  start(): ObjectRun
  enter(run: ObjectRun): void
  /** The text of the outermost object. */
  text(run: ObjectRun): string
  readonly roots: readonly TakeObject[]
  readonly groups: readonly { readonly parts: readonly ObjectPart[] }[]
}

/** Throws DEVIATION for what is not exactly as expected. */
export type TakeObject = (value: unknown, ref: ObjectRef) => void

export interface ObjectPart extends ProgramPart<ObjectRef, Known, Representation> {
  readonly take: TakeObject
}

export interface ObjectRun extends RunState<ObjectRef, Known> {
  readonly root: ObjectRef
  /** How many entities with objects in them came again with nothing new, and how many objects were made of others. */
  readonly again: number
  readonly made: number
}

/** One entity: its objects in the answer, which wait for what other parts tell. */
export interface ObjectRef {
  readonly o: readonly object[]
}

/** Values of an entity's fields, in the order of its store. */
export type Known = readonly unknown[]

/** Handed to a subgraph, and to nobody else. */
export type Representation = Readonly<Record<string, unknown>>
