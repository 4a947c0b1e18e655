import type { BytePart, ByteProgram, ByteRun, Ref } from './byte-program.ts'
import { DEVIATION } from './deviation.ts'
import { skipExactly, skipNull, skipValue } from './scan.ts'
import type { Fetch } from './shape.ts'
import type { Wanted } from './wanted.ts'

/** `{"data":…}` of a root fetch. */
export function takeRoot(program: ByteProgram, run: ByteRun, part: number, bytes: Buffer): void {
  program.enter(run, bytes)
  const take = program.roots[part]
  if (!take) throw DEVIATION
  takeEnd(bytes, take(skipExactly(bytes, 0, DATA), run.root))
  program.leave()
}

const DATA = '{"data":'

type WantedBytes = Wanted<BytePart, Ref, string>

/** `{"data":{"_e0":[…],…}}`: entities in the order in which they were asked for. */
export function takeEntities(
  program: ByteProgram,
  run: ByteRun,
  asked: { readonly fetch: Fetch; readonly wanted: readonly (readonly WantedBytes[])[] },
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

function takeOne(bytes: Uint8Array, start: number, { waiting }: WantedBytes): number {
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
