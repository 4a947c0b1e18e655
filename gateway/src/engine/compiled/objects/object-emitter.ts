import { isNonNullType } from 'graphql'
import { NotCompiled } from '../deviation.ts'
import type { Emitter, Keep, Member, TypeCase } from '../emitter.ts'
import type { PlaceItems } from '../items.ts'
import { emitEntityPart, emitInParent } from './emit-members.ts'
import { SAME_CHOICE } from './emit-same.ts'
import { TEXT_CHOICE, textCode } from './emit-text.ts'
import { assignCode, literalCode, memberCode, readCode } from './member-code.ts'
import { nameCode } from './name-code.ts'

/**
 * Functions over objects. They take `v`, an object of an answer, and return what a client may see of it: one literal
 * with all keys in the client's order, so that all of one place have one hidden class. What other parts tell of an
 * entity is put into its objects when it comes.
 */
export const objectEmitter: Emitter = {
  given: 'v',
  object: emitInParent,
  part: emitEntityPart,
  choice: (cases) => ({ body: choiceCode(cases), beside: [SAME_CHOICE, TEXT_CHOICE] }),
  call: ({ take }) => take,
  whole: wholeCode,
  // One that comes again is shown as it was made the last time.
  form: (items) => literalCode(items, () => ''),
  none: noneCode,
  representation(members) {
    const values = members.flatMap((one) => ('value' in one ? [one] : []))
    const missing = values.flatMap(({ value, isLater }) => (isLater ? [`${value} === undefined`] : []))
    const kind = members.map((one) => [one.name, 'json' in one ? one.json : ''])
    const text = [JSON.stringify(kind.join()), ...values.map(({ value }) => `nameOf(${value})`)].join(' + ')
    const key = missing.length === 0 ? text : `${missing.join(' || ')} ? undefined : ${text}`
    return { key, representation: `({ ${members.map(givenCode).join(', ')} })` }
  },
  name: nameCode,
  root: (place, callFor) => textCode({ place, callFor }),
  takeKnown: (_, takeFrom, own) => `(run, known, r) => { ${takeFrom(own)}(known, r); return true; }`,
}

/** What a subgraph is given is a copy: it may change it. */
function givenCode(one: Member): string {
  return memberCode(one.name, 'json' in one ? one.json : `held(${one.value})`)
}

function choiceCode(cases: readonly TypeCase[]): string {
  const [first] = cases
  const key = first && typeKeyOf(first)
  const lines = cases.map((one) => {
    if (key === undefined || typeKeyOf(one) !== key)
      throw new NotCompiled(`an answer has ${one.place.path.join('.')} without its type`)
    return `case ${JSON.stringify(one.place.type)}: return ${one.take}(v);`
  })
  return [
    "if (typeof v !== 'object' || v === null) throw DEVIATION;",
    `switch (${readCode('v', key ?? '')}) {`,
    ...lines,
    'default: throw DEVIATION;',
    '}',
  ].join('\n')
}

function typeKeyOf({ place }: TypeCase): string | undefined {
  return place.parts[0]?.fields.find(({ fieldName }) => fieldName === '__typename')?.key
}

/** Such an object is one and the same wherever the entity stands. */
function wholeCode(items: PlaceItems, keep: Keep): string | undefined {
  const isWhole = items.whole.every(
    (item) => item.kind !== 'field' || (keep.has(item.field) && !item.field.places),
  )
  return isWhole ? literalCode(items, (field) => keep.get(field) ?? '') : undefined
}

function noneCode(items: PlaceItems, part: number): string {
  const own = (items.parts[part] ?? []).flatMap((item) => (item.kind === 'field' ? [item.shown] : []))
  if (own.some(({ type }) => isNonNullType(type))) return 'throw DEVIATION;'
  return assignCode(own.map(({ key }) => [key, 'null']))
}
