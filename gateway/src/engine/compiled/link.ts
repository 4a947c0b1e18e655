import { DEVIATION } from './deviation.ts'
import type { Generated, Group, GroupPart, WholePiece } from './generated.ts'
import { skipBoolean, skipInt, skipNull, skipNumber, skipString, skipValue, typeAt } from './scan.ts'
import { createTape, tapeHelpers } from './tape.ts'

/** Generated code, ready to be called. What it works on is handed to `enter` first; nothing in it waits. */
export interface Program {
  start(): RunState
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
  /** Where entities stand that may be needed again. */
  readonly stores: readonly ReadonlyMap<string, Remembered>[]
}

export interface Remembered {
  readonly bytes: Buffer
  readonly start: number
  /** Which of the store's sources told of it. */
  readonly source: number
}

/** One entity: its fragments, each text or code on a tape. */
export interface Ref {
  readonly f: (string | FragmentCode | undefined)[]
  /** Text of the whole object, made of its fragments. */
  readonly whole: (ref: Ref, fragment: (index: number) => string) => string
}

export interface FragmentCode {
  readonly answer: TapedAnswer
  readonly from: number
  readonly to: number
}

/** Kept as bytes while sub-requests are under way: the garbage collector need not move them. */
export interface TapedAnswer {
  readonly bytes: Buffer
  readonly ints: Int32Array
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
    'let R, B, S, A, T = tape.ints, n = 0, from = 0, mark = 0;',
    tapeHelpers,
    REMEMBER,
    ...groups.map(groupCode),
    ...functions.map(({ name, parameters, body }) => `function ${name}(${parameters}) {\n${body}\n}`),
    programCode(generated),
  ].join('\n')
}

const environment = {
  DEVIATION,
  skipBoolean,
  skipInt,
  skipNull,
  skipNumber,
  skipString,
  skipValue,
  tape: createTape(),
  typeAt,
}

/** The text was made by `sourceOf` from names that GraphQL allows and from JSON, so it holds no code of anybody else. */
export function link(source: string): Program {
  // Made of text by its nature: what it answers is what `programCode` writes.
  return new Function('environment', source)(environment) as Program
}

/** A slice of more than twelve characters would keep the whole answer's text alive. */
const REMEMBER = `function kept(from, to) { return to - from < 13 ? S.slice(from, to) : B.latin1Slice(from, to); }
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
  return `function whole${index}(r, fragment) { return ${whole ? wholeCode(whole) : "''"}; }
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
      if (typeof piece === 'number') return `fragment(${piece})`
      return typeof piece === 'string' ? JSON.stringify(piece) : `r.${piece.key}`
    })
    .join(' + ')
}

function programCode({ groups, roots, stores }: Generated): string {
  const maps = (count: number): string => Array.from({ length: count }, () => 'new Map()').join()
  return `return {
constants: CONSTANTS, width: WIDTH,
start() { return { groups: [${maps(groups.length)}], root: { f: [] }, refs: [], stores: [${maps(stores)}] }; },
enter(run, bytes) {
R = run; B = bytes; S = bytes.latin1Slice(); T = tape.ints; n = 0; from = 0;
A = { bytes, ints: undefined, isUsed: false };
},
leave() {
if (A.isUsed) A.ints = T.slice(0, n);
R = B = S = A = undefined;
},
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
