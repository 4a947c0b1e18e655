import { type GraphQLOutputType, getNullableType, isListType } from 'graphql'
import { createGrowingInts, type GrowingInts } from './growing-ints.ts'
import type { SourceField } from './place.ts'

/**
 * Answers repeat themselves: the author of twenty reviews comes twenty times, with all that was asked for. An object
 * whose bytes are those of an earlier one, taken by the same function, has the same text, so it is compared instead
 * of read, and its text is made once.
 *
 * Remembered are places in the answer at hand, each in a slot found by its first bytes; a later one takes the slot over.
 */
export interface Repeats {
  /** For each slot: function, answer, where it began, how long it is, and its numbers: from, to, number as a section. */
  readonly slots: Int32Array
  /** Numbers of remembered objects, as on the tape. */
  readonly ints: GrowingInts
  /** Each answer has a number, so that slots need not be cleared. */
  nextAnswer(): number
}

/** Bytes by which slots are found: what tells two objects apart is most often within them. */
const PROBE = 48
const SLOTS = 1_024
const SLOT_LENGTH = 7

export function createRepeats(): Repeats {
  let answer = 0
  return {
    slots: new Int32Array(SLOTS * SLOT_LENGTH),
    ints: createGrowingInts(),
    nextAnswer() {
      answer = (answer + 1) | 0
      return answer
    },
  }
}

/** A call that takes an object of this field at `p`. */
export function takeCode({ type, field, take, number }: ObjectTake): string {
  return mayRepeat(type, field) ? `again(${take}, ${number}, p, ${probeOf(field)})` : `${take}(p)`
}

export interface ObjectTake {
  readonly type: GraphQLOutputType
  readonly field: SourceField
  /** The function for it, and its number among all. */
  readonly take: string
  readonly number: number
}

/** How many bytes at an object's start are the same in all: its type's name and the first key. */
function probeOf({ places }: SourceField): number {
  const lengths = [...(places?.values() ?? [])].map(({ type, parts: [own] }) => {
    const [first, second] = own?.fields ?? []
    const begin = `{${JSON.stringify(first?.key)}:`.length
    return first?.fieldName === '__typename'
      ? begin + `"${type}",${JSON.stringify(second?.key)}:`.length
      : begin
  })
  return Math.min(...lengths)
}

/** One object for many is worth a look, items of one list hardly ever are; without objects in it, it is read faster. */
function mayRepeat(type: GraphQLOutputType, { places }: SourceField): boolean {
  if (isListType(getNullableType(type)) || !places) return false
  return [...places.values()].some(({ parts }) => parts[0]?.fields.some((field) => field.places))
}

/**
 * `again(take, id, p)` is `take(p)`, or what that did with the same bytes. Eight bytes are compared at a time, as
 * floating-point numbers: text that was read has no zero bytes, so that equal numbers are equal bytes.
 */
export const repeatHelpers: string = `function slotOf(id, p) {
let hash = id;
for (let at = p; at < p + ${PROBE}; at += 4) {
hash = Math.imul(hash ^ V.getInt32(at, true), -1640531535);
hash ^= hash >>> 15;
}
return (hash & ${SLOTS - 1}) * ${SLOT_LENGTH};
}
function isSame(a, b, length) {
const whole = length - 7;
let i = 0;
for (; i < whole; i += 8) if (V.getFloat64(a + i, true) !== V.getFloat64(b + i, true)) return false;
for (; i < length; i += 1) if (B[a + i] !== B[b + i]) return false;
return true;
}
function again(take, id, p, probe) {
if (p + probe + ${PROBE} > B.length) return take(p);
const at = slotOf(id, p + probe);
if (M[at] === id && M[at + 1] === E && p + M[at + 3] <= B.length && isSame(M[at + 2], p, M[at + 3]))
return repeat(at, p);
const begin = n, before = mark, end = take(p);
M[at] = id; M[at + 1] = E; M[at + 2] = p; M[at + 3] = end - p;
M[at + 4] = u; M[at + 6] = -1;
if (n > begin) keepInts(p, begin, end);
M[at + 5] = u;
return end;
}
function keepInts(p, begin, end) {
while (u + n - begin + 2 > U.length) U = repeats.ints.grow();
const first = u;
for (let i = begin; i < n; i += 1) U[u++] = T[i];
U[first] = p;
if (mark < end) { U[u++] = mark; U[u++] = end; }
}
function repeat(at, p) {
const end = p + M[at + 3];
if (M[at + 4] === M[at + 5]) return end;
if (M[at + 6] < 0) {
A.repeats = true;
M[at + 6] = R.sections.push({ answer: A, from: M[at + 4], to: M[at + 5], start: 0, end: 0 }) - 1;
}
run(mark, p); section(M[at + 6]); mark = end;
return end;
}`
