import type { Json } from '../engine.ts'
import type { CompiledRequest } from './compiled-operation.ts'
import type { Emitter } from './emitter.ts'
import type { Generated } from './generated.ts'
import type { Fetch } from './shape.ts'

/** One kind of answers that functions are generated for: bytes, or objects. */
export interface BackendKind<Run, Wanted, Answer> {
  readonly emitter: Emitter
  sourceOf(generated: Generated): string
  link(source: string, generated: Generated): Backend<Run, Wanted, Answer>
}

/** Runs the functions of one operation. All but `ask` is done at once, and may throw DEVIATION. */
export interface Backend<Run, Wanted, Answer> {
  start(): Run
  /** What a batch has to ask for: each different entity once. */
  wantedBy(run: Run, batch: number): readonly Wanted[]
  /** Makes what asks for all that, batch by batch. */
  asker(fetch: Fetch): Ask<Wanted, Answer>
  takeRoot(run: Run, part: number, answer: Answer): void
  takeEntities(run: Run, asked: Asked<Wanted>, answer: Answer): void
  /** The whole answer: one character for each byte, or the bytes where there are many. */
  finish(run: Run): Json
}

export type Ask<Wanted, Answer> = (
  request: CompiledRequest,
  wanted: readonly (readonly Wanted[])[],
) => Promise<Answer>

export interface Asked<Wanted> {
  readonly fetch: Fetch
  /** For each batch of the fetch. */
  readonly wanted: readonly (readonly Wanted[])[]
}
