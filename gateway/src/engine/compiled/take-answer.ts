import { DEVIATION } from './deviation.ts'
import type { Program, ProgramPart, ProgramReuse, Ref, RunState } from './program.ts'
import { skipExactly, skipNull, skipValue } from './scan.ts'
import type { Fetch } from './shape.ts'

/** An entity to be asked for, and everybody who waits for it. */
export interface Wanted {
  readonly representation: string
  readonly waiting: Waiting[]
}

interface Waiting {
  readonly part: ProgramPart
  readonly ref: Ref
}

/** What a batch has to ask for: each different representation once. */
export function wantedBy(program: Program, run: RunState, batch: number): readonly Wanted[] {
  const byText = new Map<string, Wanted>()
  for (const [i, { parts }] of program.groups.entries())
    for (const part of parts) if (part.batch === batch) wantAll({ program, run, part, byText }, run.groups[i])
  program.leave()
  return [...byText.values()]
}

interface Wanting {
  readonly program: Program
  readonly run: RunState
  readonly part: ProgramPart
  readonly byText: Map<string, Wanted>
}

function wantAll(wanting: Wanting, group: ReadonlyMap<string, Ref> | undefined): void {
  const { part, byText } = wanting
  for (const ref of group?.values() ?? []) {
    const representation = part.representation(ref)
    // What it needs was not found, so neither is this.
    if (representation === undefined) {
      part.none(ref)
      continue
    }
    if (part.reuse && takeKnown(wanting, part.reuse, ref)) continue
    const known = byText.get(representation)
    if (known) known.waiting.push({ part, ref })
    else byText.set(representation, { representation, waiting: [{ part, ref }] })
  }
}

/** Takes an entity from an answer that has it already. */
function takeKnown({ program, run }: Wanting, reuse: ProgramReuse, ref: Ref): boolean {
  const known = run.stores[reuse.store]?.get(reuse.key(ref))
  const take = known && reuse.take[known.source]
  if (!take) return false
  // Left when all entities have been looked for: most stand in the same answer.
  program.enter(run, known.bytes)
  take(known.start, ref)
  return true
}

/** `{"data":…}` of a root fetch. */
export function takeRoot(program: Program, run: RunState, part: number, bytes: Buffer): void {
  program.enter(run, bytes)
  const take = program.roots[part]
  if (!take) throw DEVIATION
  takeEnd(bytes, take(skipExactly(bytes, 0, DATA), run.root))
  program.leave()
}

const DATA = '{"data":'

/** `{"data":{"_e0":[…],…}}`: entities in the order in which they were asked for. */
export function takeEntities(
  program: Program,
  run: RunState,
  asked: { readonly fetch: Fetch; readonly wanted: readonly (readonly Wanted[])[] },
  bytes: Buffer,
): void {
  program.enter(run, bytes)
  let at = skipExactly(bytes, 0, DATA)
  for (const [i, { batch }] of asked.fetch.batches.entries()) {
    at = skipExactly(bytes, at, `${i === 0 ? '{' : ','}"${batch.key}":[`)
    for (const [j, one] of (asked.wanted[i] ?? []).entries()) {
      if (j > 0) at = skipExactly(bytes, at, ',')
      at = takeOne(bytes, at, one)
    }
    at = skipExactly(bytes, at, ']')
  }
  takeEnd(bytes, skipExactly(bytes, at, '}'))
  program.leave()
}

function takeOne(bytes: Uint8Array, start: number, { waiting }: Wanted): number {
  let end = start
  if (bytes[start] === LETTER_N) {
    end = skipNull(bytes, start)
    for (const { part, ref } of waiting) part.none(ref)
  } else for (const { part, ref } of waiting) end = part.take(start, ref)
  return end
}

/** After the data only extensions may come: errors are for the tree-walking engine. */
function takeEnd(bytes: Buffer, start: number): void {
  let at = start
  if (bytes[at] === COMMA) at = skipValue(bytes, skipExactly(bytes, at, ',"extensions":'))
  at = skipExactly(bytes, at, '}')
  if (at !== bytes.length) throw DEVIATION
}

const COMMA = 44
const LETTER_N = 110
