import { DEVIATION } from './deviation.ts'
import type { Generated, Group, GroupPart, WholePiece } from './generated.ts'
import { createKnownTexts } from './known-texts.ts'
import { createRepeats, repeatHelpers } from './repeats.ts'
import { skipBoolean, skipInt, skipNull, skipNumber, skipString, skipText, skipValue } from './scan.ts'
import { createTape, tapeHelpers } from './tape.ts'

/** Generated code, ready to be called. What it works on is handed to `enter` first; nothing in it waits. */
export interface Program {
  start(): RunState
  /** Leaves the answer before, if it is another. */
  enter(run: RunState, bytes: Buffer): void
  leave(): void
  readonly roots: readonly Take[]
  readonly groups: readonly { readonly parts: readonly ProgramPart[] }[]
  readonly constants: readonly string[]
  /** How many fragments an entity may have. */
  readonly width: number
}

/** Takes an object that begins at a position; answers where it ends. */
export type Take = (position: number, ref: Ref) => number

export interface ProgramPart {
  readonly batch: number
  readonly representation: (ref: Ref) => string | undefined
  readonly take: Take
  readonly none: (ref: Ref) => void
  /** Absent when nothing before can have told of it. */
  readonly reuse: ProgramReuse | undefined
}

export interface ProgramReuse {
  readonly store: number
  readonly key: (ref: Ref) => string
  readonly take: readonly (Take | null)[]
}

/** What is known of the entities met so far in one request. */
export interface RunState {
  readonly groups: readonly ReadonlyMap<string, Ref>[]
  readonly root: Ref
  readonly refs: readonly Ref[]
  /** Objects that came more than once. */
  readonly sections: readonly Section[]
  /** Where entities stand that may be needed again. */
  readonly stores: readonly ReadonlyMap<string, Remembered>[]
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
  readonly ints: Int32Array
  /** What sections point into. */
  readonly repeated: Int32Array | undefined
}

/** Fragments of at most so many numbers, with texts of at most so many characters, are made strings at once. */
const SHORT = 8
const SHORT_TEXT = 200

export function sourceOf(generated: Generated): string {
  const { groups, functions, constants } = generated
  const width = 1 + Math.max(...groups.map(({ fragments }) => fragments), generated.answer.length)
  return [
    "'use strict';",
    `const { ${Object.keys(environment).join(', ')} } = environment;`,
    `const WIDTH = ${width}, SHORT = ${SHORT}, SHORT_TEXT = ${SHORT_TEXT}, CONSTANTS = ${JSON.stringify(constants)};`,
    'let R, B, V, A, E = 0, T = tape.ints, U = repeats.ints, n = 0, u = 0, from = 0, mark = 0;',
    'const M = repeats.slots;',
    tapeHelpers,
    repeatHelpers,
    REMEMBER,
    ...groups.map(groupCode),
    ...functions.map(({ name, parameters, body }) => `function ${name}(${parameters}) {\n${body}\n}`),
    programCode(generated),
  ].join('\n')
}

const environment = {
  DEVIATION,
  textAt: createKnownTexts(),
  repeats: createRepeats(),
  skipBoolean,
  skipInt,
  skipNull,
  skipNumber,
  skipString,
  skipValue,
  tape: createTape(),
  skipText,
}

/** The text was made by `sourceOf` from names that GraphQL allows and from JSON, so it holds no code of anybody else. */
export function link(source: string): Program {
  // Made of text by its nature: what it answers is what `programCode` writes.
  return new Function('environment', source)(environment) as Program
}

const REMEMBER = `function kept(from, to) { return textAt(B, from, to); }
function typeAt(p) {
const from = skipText(B, p, '{"__typename":');
return kept(from + 1, skipString(B, from) - 1);
}
function remember(store, key, start, source) {
const known = R.stores[store];
if (!known.has(key)) known.set(key, { bytes: B, start, source });
}`

function groupCode({ keys, more, fragments, whole }: Group, index: number): string {
  const names = Array.from({ length: keys }, (_, i) => `k${i}`)
  const others = Array.from({ length: more }, (_, i) => `c${i}: undefined`)
  const key = names.length === 0 ? "''" : names.join(" + ',' + ")
  const f = `f: new Array(${fragments + (whole ? 1 : 0)})`
  const members = [...names, ...others, 'i: R.refs.length', `whole: whole${index}`, f]
  return `function whole${index}(r, text, fragment) {${whole ? wholeCode(whole) : ''}}
function g${index}(${names.join()}) {
const known = R.groups[${index}].get(${key});
if (known !== undefined) return known;
const r = { ${members.join(', ')} };
R.refs.push(r);
R.groups[${index}].set(${key}, r);
return r;
}`
}

function wholeCode(pieces: readonly WholePiece[]): string {
  return pieces
    .map((piece) => {
      if (typeof piece === 'number') return `fragment(r, ${piece});`
      return `text(${typeof piece === 'string' ? JSON.stringify(piece) : `r.${piece.key}`});`
    })
    .join(' ')
}

function programCode({ groups, roots, stores }: Generated): string {
  const maps = (count: number): string => Array.from({ length: count }, () => 'new Map()').join()
  return `function leave() {
if (A === undefined) return;
if (A.isUsed) A.ints = T.slice(0, n);
if (A.repeats) A.repeated = U.slice(0, u);
R = B = V = A = undefined;
}
return {
constants: CONSTANTS, width: WIDTH,
start() { return { groups: [${maps(groups.length)}], root: { f: [] }, refs: [], sections: [], stores: [${maps(stores)}] }; },
enter(run, bytes) {
if (B === bytes && R === run) return;
if (B !== undefined) leave();
R = run; B = bytes; V = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
E = repeats.nextAnswer(); T = tape.ints; U = repeats.ints; n = 0; u = 0; from = 0;
A = { bytes, ints: undefined, repeated: undefined, isUsed: false, repeats: false };
},
leave,
roots: [${roots.join()}],
groups: [${groups.map(({ parts }) => `{ parts: [${parts.map(partCode).join()}] }`).join()}],
};`
}

function partCode({ batch, representation, take, none, reuse }: GroupPart): string {
  const known = reuse
    ? `{ store: ${reuse.store}, key: (r) => ${reuse.key || "''"}, take: [${reuse.take.map(String).join()}] }`
    : 'undefined'
  return `{ batch: ${batch}, representation: (r) => ${representation}, take: ${take}, none: ${none}, reuse: ${known} }`
}
