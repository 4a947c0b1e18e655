import type { Program, ProgramPart, RunState } from './program.ts'

/** Functions over the bytes of answers. What they work on is handed to `enter` first. */
export interface ByteProgram extends Program<Ref, Remembered, string> {
  start(): ByteRun
  /** Leaves the answer before, if it is another. */
  enter(run: ByteRun, bytes: Buffer): void
  readonly roots: readonly Take[]
  readonly groups: readonly { readonly parts: readonly BytePart[] }[]
  readonly constants: readonly string[]
  /** How many fragments an entity may have. */
  readonly width: number
}

/** Takes an object that begins at a position; answers where it ends. */
export type Take = (position: number, ref: Ref) => number

export interface BytePart extends ProgramPart<Ref, Remembered, string> {
  readonly take: Take
}

export interface ByteRun extends RunState<Ref, Remembered> {
  readonly root: Ref
  readonly refs: readonly Ref[]
  /** Objects that came more than once. */
  readonly sections: readonly Section[]
}

export interface Remembered {
  readonly bytes: Buffer
  readonly start: number
  /** Which of the store's sources told of it. */
  readonly source: number
}

/** One entity: its fragments, each text, code on a tape, or where it stands in the answer. */
export interface Ref {
  readonly f: (string | FragmentCode | Written | undefined)[]
  /** Writes the whole object, made of its fragments. */
  readonly whole: Whole
}

type Whole = (ref: Ref, text: (text: string) => void, fragment: (ref: Ref, index: number) => void) => void

interface Written {
  readonly start: number
  readonly end: number
}

export interface FragmentCode {
  readonly answer: TapedAnswer
  readonly from: number
  readonly to: number
}

/** An object that came again: what the first one wrote. */
export interface Section extends FragmentCode {
  /** Where it stands in the answer, once it was written. */
  start: number
  end: number
}

/** Kept as bytes while sub-requests are under way: the garbage collector need not move them. */
export interface TapedAnswer {
  readonly bytes: Buffer
  readonly view: DataView
  readonly ints: Int32Array
  /** What sections point into. */
  readonly repeated: Int32Array | undefined
}
