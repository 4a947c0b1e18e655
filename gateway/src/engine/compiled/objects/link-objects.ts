import { DEVIATION } from '../deviation.ts'
import { type Generated, type Group, groupsCode } from '../generated.ts'
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
    'let R;',
    ...constants.map((code, i) => `const C${i} = ${code};`),
    ...groups.map(groupCode),
    ...functions.map(({ name, parameters, body }) => `function ${name}(${parameters}) {\n${body}\n}`),
    programCode(generated),
  ].join('\n')
}

const environment = { DEVIATION, held, keyOf, nameOf, ownMember, ownMembers, picked }

/** The text was made by `objectSourceOf` from names that GraphQL allows and from JSON, so it holds no code of anybody else. */
export function linkObjects(source: string): ObjectProgram {
  // Made of text by its nature: what it answers is what `programCode` writes.
  return new Function('environment', source)(environment) as ObjectProgram
}

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

function programCode({ groups, roots, root, stores }: Generated): string {
  return `return {
start() { return { ${runStateCode(groups.length, stores)}, root: { o: [${literalCode(root, () => 'undefined')}] } }; },
enter(run) { R = run; },
leave() { R = undefined; },
roots: [${roots.join()}],
groups: ${groupsCode(groups)},
};`
}
