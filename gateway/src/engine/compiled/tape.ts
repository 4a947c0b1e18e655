/**
 * What an answer is made of, as numbers: while sub-requests are under way, thousands of small strings would have to be
 * kept and moved by the garbage collector, and numbers in one array cost it nothing. Strings are made at the end.
 *
 * | numbers | mean |
 * |---|---|
 * | `from`, `to` (both ≥ 0) | text of the answer at hand |
 * | `-1 - 3 * c` | constant `c` of the program |
 * | `-2 - 3 * (ref * width + fragment)` | a fragment of an entity |
 * | `-3 - 3 * s` | section `s` of the request: an object that came before (`repeats.ts`) |
 *
 * Functions of generated code that write on the tape. `from` is where the fragment at hand begins.
 */
export const tapeHelpers: string = `function run(a, b) {
if (n + 2 > T.length) T = tape.grow();
T[n] = a; T[n + 1] = b; n += 2;
}
function one(code) {
if (n + 1 > T.length) T = tape.grow();
T[n] = code; n += 1;
}
function text(constant) { one(-1 - 3 * constant); }
function hole(r, fragment) { one(-2 - 3 * (r.i * WIDTH + fragment)); }
function section(s) { one(-3 - 3 * s); }
function cut(at) { const kept = T.slice(at, n); n = at; return kept; }
function append(kept) {
while (n + kept.length > T.length) T = tape.grow();
T.set(kept, n); n += kept.length;
}
function done() {
const begin = from, short = n - begin <= SHORT ? shortText(begin) : undefined;
if (short !== undefined) { n = begin; return short; }
from = n; A.isUsed = true;
return { answer: A, from: begin, to: n };
}
function shortText(begin) {
let all = '';
for (let at = begin; at < n;) {
const code = T[at];
if (code >= 0) {
if (T[at + 1] - code > SHORT_TEXT) return undefined;
all += kept(code, T[at + 1]); at += 2;
} else if ((-1 - code) % 3 !== 0) return undefined;
else { all += CONSTANTS[(-1 - code) / 3]; at += 1; }
}
return all;
}`
