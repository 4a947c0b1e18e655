import { padded, viewOf } from '../../client/padded.ts'
import { DEVIATION } from './deviation.ts'
import type { Generated, Group, GroupPart, WholePiece } from './generated.ts'
import { createKnownTexts } from './known-texts.ts'
import type { Program } from './program.ts'
import { createRepeats, repeatHelpers } from './repeats.ts'
import {
  skipBoolean,
  skipExactly,
  skipInt,
  skipNull,
  skipNumber,
  skipString,
  skipText,
  skipValue,
} from './scan.ts'
import { createTape, tapeHelpers } from './tape.ts'

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
    'let given, R, B, V, A, E = 0, T = tape.ints, U = repeats.ints, n = 0, u = 0, from = 0, mark = 0;',
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
  skipExactly,
  skipText,
  padded,
  viewOf,
}

/** The text was made by `sourceOf` from names that GraphQL allows and from JSON, so it holds no code of anybody else. */
export function link(source: string): Program {
  // Made of text by its nature: what it answers is what `programCode` writes.
  return new Function('environment', source)(environment) as Program
}

const REMEMBER = `function kept(from, to) { return textAt(B, from, to); }
function typeAt(p) {
const from = skipExactly(B, p, '{"__typename":');
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
given = R = B = V = A = undefined;
}
return {
constants: CONSTANTS, width: WIDTH,
start() { return { groups: [${maps(groups.length)}], root: { f: [] }, refs: [], sections: [], stores: [${maps(stores)}] }; },
enter(run, bytes) {
if (given === bytes && R === run) return;
leave();
given = bytes; R = run; B = padded(bytes); V = viewOf(B);
E = repeats.nextAnswer(); T = tape.ints; U = repeats.ints; n = 0; u = 0; from = 0;
A = { bytes: B, view: V, ints: undefined, repeated: undefined, isUsed: false, repeats: false };
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
