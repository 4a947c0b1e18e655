import { padded, viewOf } from '../../client/padded.ts'
import type { ByteProgram } from './byte-program.ts'
import { DEVIATION } from './deviation.ts'
import { functionsCode, type Generated, type Group, groupsCode } from './generated.ts'
import { createGrowingInts } from './growing-ints.ts'
import { createKnownTexts } from './known-texts.ts'
import { runStateCode } from './program.ts'
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
import { tapeHelpers } from './tape.ts'

/** Fragments of at most so many numbers, with texts of at most so many characters, are made strings at once. */
const SHORT = 8
const SHORT_TEXT = 200

export function sourceOf(generated: Generated): string {
  const { groups, functions, constants } = generated
  const width = 1 + Math.max(...groups.map(({ fragments }) => fragments), generated.root.whole.length)
  return [
    "'use strict';",
    `const { ${Object.keys(environment).join(', ')} } = environment;`,
    `const WIDTH = ${width}, SHORT = ${SHORT}, SHORT_TEXT = ${SHORT_TEXT}, CONSTANTS = ${JSON.stringify(constants)};`,
    'let given, R, B, V, A, E = 0, T, U, n = 0, u = 0, from = 0, mark = 0;',
    'const M = repeats.slots;',
    tapeHelpers,
    repeatHelpers,
    REMEMBER,
    ...groups.map(groupCode),
    ...functionsCode(functions),
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
  tape: createGrowingInts(),
  skipExactly,
  skipText,
  padded,
  viewOf,
}

/** The text was made by `sourceOf` from names that GraphQL allows and from JSON, so it holds no code of anybody else. */
export function link(source: string): ByteProgram {
  // Made of text by its nature: what it answers is what `programCode` writes.
  return new Function('environment', source)(environment) as ByteProgram
}

const REMEMBER = `function kept(from, to) { return textAt(B, from, to); }
function typeAt(p) {
const from = skipExactly(B, p, '{"__typename":');
return kept(from + 1, skipString(B, from) - 1);
}
function remember(store, key, start, source) {
const known = R.stores[store];
if (!known.has(key)) known.set(key, { bytes: B, start, source });
}
function takeKnown(run, takes, known, r) {
const take = takes[known.source];
if (take === null) return false;
enter(run, known.bytes);
take(known.start, r);
return true;
}`

function groupCode({ keys, more, fragments, whole }: Group, index: number): string {
  const names = Array.from({ length: keys }, (_, i) => `k${i}`)
  const others = Array.from({ length: more }, (_, i) => `c${i}: undefined`)
  const key = names.length === 0 ? "''" : names.join(" + ',' + ")
  const f = `f: new Array(${fragments + (whole ? 1 : 0)})`
  const members = [...names, ...others, 'i: R.refs.length', `whole: whole${index}`, f]
  return `function whole${index}(r, text, fragment) {${whole ?? ''}}
function g${index}(${names.join()}) {
if (R.isAsked[${index}]) throw DEVIATION;
const known = R.groups[${index}].get(${key});
if (known !== undefined) return known;
const r = { ${members.join(', ')} };
R.refs.push(r);
R.groups[${index}].set(${key}, r);
return r;
}`
}

function programCode({ groups, roots, stores }: Generated): string {
  return `function leave() {
if (A === undefined) return;
if (A.isUsed) A.ints = T.slice(0, n);
if (A.repeats) A.repeated = U.slice(0, u);
given = R = B = V = A = undefined;
}
function enter(run, bytes) {
if (given === bytes && R === run) return;
leave();
given = bytes; R = run; B = padded(bytes); V = viewOf(B);
E = repeats.nextAnswer(); T = tape.fresh(); U = repeats.ints.fresh(); n = 0; u = 0; from = 0;
A = { bytes: B, view: V, ints: undefined, repeated: undefined, isUsed: false, repeats: false };
}
return {
constants: CONSTANTS, width: WIDTH,
start() { return { ${runStateCode(groups.length, stores)}, root: { f: [] }, refs: [], sections: [] }; },
enter, leave,
roots: [${roots.join()}],
groups: ${groupsCode(groups)},
};`
}
