import { DEVIATION } from '../deviation.ts'
import { functionsCode, type Generated, type Group, groupsCode } from '../generated.ts'
import { runStateCode } from '../program.ts'
import { held, keyOf, nameOf, ownMember, ownMembers, picked } from './foreign.ts'
import { literalCode } from './member-code.ts'
import { nameCode } from './name-code.ts'
import type { ObjectProgram } from './object-program.ts'

export function objectSourceOf(generated: Generated): string {
  const { groups, functions, constants } = generated
  return [
    "'use strict';",
    `const { ${Object.keys(environment).join(', ')} } = environment;`,
    'const prototypeOf = Object.getPrototypeOf, PLAIN = Object.prototype;',
    'let R, texts;',
    HELPERS,
    ...constants.map((code, i) => `const C${i} = ${code};`),
    ...groups.map(groupCode),
    ...functionsCode(functions),
    programCode(generated),
  ].join('\n')
}

const environment = { DEVIATION, held, keyOf, nameOf, ownMember, ownMembers, picked }

/** The text was made by `objectSourceOf` from names that GraphQL allows and from JSON, so it holds no code of anybody else. */
export function linkObjects(source: string): ObjectProgram {
  // Made of text by its nature: what it answers is what `programCode` writes.
  return new Function('environment', source)(environment) as ObjectProgram
}

/** `flat`: a text of many pieces is put together once, and not each time it is used. */
const HELPERS = `function sameValue(a, b) { return a === b; }
function sameList(a, b, same) {
if (a === null || b === null) return a === b;
if (!Array.isArray(a) || a.length !== b.length) return false;
for (let i = 0; i < b.length; i += 1) if (!same(a[i], b[i])) return false;
return true;
}
function listText(list, one) {
if (list === null) return 'null';
let text = '[';
for (let i = 0; i < list.length; i += 1) text += i > 0 ? ',' + one(list[i]) : one(list[i]);
return text + ']';
}
function flat(text) { return text.charCodeAt(0) === 0 ? '' : text; }`

function groupCode({ keys, more, whole }: Group, index: number): string {
  const names = Array.from({ length: keys }, (_, i) => `k${i}`)
  const others = Array.from({ length: more }, (_, i) => `c${i}: undefined`)
  return `function g${index}(${names.join()}) {
if (R.isAsked[${index}]) throw DEVIATION;
const name = ${nameCode(names)}, known = R.groups[${index}].get(name);
if (known !== undefined) return known;
const r = { ${[...names, ...others, `o: [${whole ?? ''}]`].join(', ')} };
R.groups[${index}].set(name, r);
return r;
}`
}

function programCode({ groups, roots, root, rootCode, stores }: Generated): string {
  return `function written(w) {
texts = new Map();
try { return ${rootCode}; } finally { texts = undefined; }
}
return {
start() { return { ${runStateCode(groups.length, stores)}, root: { o: [${literalCode(root, () => 'undefined')}] }, again: 0, made: 0 }; },
text({ root, again, made }) { return again > made ? written(root.o[0]) : JSON.stringify(root.o[0]); },
enter(run) { R = run; },
leave() { R = undefined; },
roots: [${roots.join()}],
groups: ${groupsCode(groups)},
};`
}
