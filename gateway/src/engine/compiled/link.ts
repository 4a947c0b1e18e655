import { DEVIATION } from './deviation.ts'
import type { Generated, Group, GroupPart, WholePiece } from './generated.ts'
import { skipBoolean, skipInt, skipNull, skipNumber, skipString, skipValue, typeAt } from './scan.ts'

/** Generated code, ready to be called. What it works on is handed to `enter` first; nothing in it waits. */
export interface Program {
  start(): RunState
  enter(run: RunState, answer: AnswerText): void
  leave(): void
  readonly roots: readonly Take[]
  readonly groups: readonly { readonly parts: readonly ProgramPart[] }[]
}

/** An answer, and its bytes as a scan buffer has them now. */
export interface AnswerText {
  readonly text: string
  readonly bytes: Uint8Array
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
  /** Where entities stand that may be needed again. */
  readonly stores: readonly ReadonlyMap<string, Remembered>[]
}

export interface Remembered {
  readonly text: string
  readonly start: number
  /** Which of the store's sources told of it. */
  readonly source: number
}

/** One entity: its fragments, each text or text with holes. */
export interface Ref {
  readonly f: FragmentText[]
}

/** Or triples: text, and the fragment that comes after it (or null). */
export type FragmentText = string | readonly (string | number | FragmentText[] | null)[]

export function sourceOf(generated: Generated): string {
  return [
    "'use strict';",
    `const { ${Object.keys(environment).join(', ')} } = environment;`,
    "let R, B, S, acc = '', out = [], mark = 0;",
    HELPERS,
    ...generated.groups.map(groupCode),
    ...generated.functions.map(
      ({ name, parameters, body }) => `function ${name}(${parameters}) {\n${body}\n}`,
    ),
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
  typeAt,
}

/** The text was made by `sourceOf` from names that GraphQL allows and from JSON, so it holds no code of anybody else. */
export function link(source: string): Program {
  // Made of text by its nature: what it answers is what `programCode` writes.
  return new Function('environment', source)(environment) as Program
}

const HELPERS = `function remember(store, key, start, source) {
const known = R.stores[store];
if (!known.has(key)) known.set(key, { text: S, start, source });
}
function done() {
if (out.length === 0) { const text = acc; acc = ''; return text; }
out.push(acc, null, 0);
const all = out; out = []; acc = '';
return all;
}
function put(kept) {
if (typeof kept === 'string') { acc += kept; return; }
for (let i = 0; i < kept.length; i += 3) { out.push(acc + kept[i], kept[i + 1], kept[i + 2]); acc = ''; }
}`

function groupCode({ keys, more, fragments, whole }: Group, index: number): string {
  const names = Array.from({ length: keys }, (_, i) => `k${i}`)
  const others = Array.from({ length: more }, (_, i) => `c${i}: undefined, `)
  const key = names.length === 0 ? "''" : names.join(" + ',' + ")
  return `function g${index}(${names.join()}) {
const known = R.groups[${index}].get(${key});
if (known !== undefined) return known;
const r = { ${names.map((name) => `${name}, `).join('')}${others.join('')}f: new Array(${fragments + 1}) };
${whole ? `r.f[${fragments}] = ${wholeCode(whole)};\n` : ''}R.groups[${index}].set(${key}, r);
return r;
}`
}

/** The triples of a fragment with holes. */
function wholeCode(pieces: readonly WholePiece[]): string {
  const triples: string[] = []
  let text: string[] = []
  for (const piece of pieces) {
    if (typeof piece === 'number') {
      triples.push(`${text.join(' + ')}, r.f, ${piece}`)
      text = []
    } else text.push(typeof piece === 'string' ? JSON.stringify(piece) : piece.key)
  }
  return `[${[...triples, `${text.join(' + ')}, null, 0`].join()}]`
}

function programCode({ groups, roots, stores }: Generated): string {
  return `return {
start() { return { groups: [${groups.map(() => 'new Map()').join()}], root: { f: [] }, stores: [${Array.from({ length: stores }, () => 'new Map()').join()}] }; },
enter(run, answer) { R = run; B = answer.bytes; S = answer.text; acc = ''; out = []; },
leave() { R = B = S = undefined; acc = ''; out = []; },
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
