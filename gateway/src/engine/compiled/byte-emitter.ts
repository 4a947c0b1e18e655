import { NotCompiled } from './deviation.ts'
import { emitFragments, emitInline, emitWhole } from './emit-object.ts'
import type { Emitter, Keep, Member, ObjectCode, TypeCase } from './emitter.ts'
import { nameOf } from './generating.ts'
import type { Item, PlaceItems } from './items.ts'
import { takeCode } from './repeats.ts'

/**
 * Functions over the bytes of answers. They take `p`, where an object begins, and return where it ends; what they pass
 * on is written on the tape, for an entity cut into fragments of `r`.
 */
export const byteEmitter: Emitter = {
  given: 'p',
  object: (code) => ({
    body: code.isWhole ? emitWhole(code, code.place.fragments.length) : emitInline(code),
  }),
  part: (code: ObjectCode) => emitFragments(code),
  choice: (cases) => ({ body: choiceCode(cases) }),
  call: takeCode,
  whole: wholeCode,
  form: () => '',
  none: noneCode,
  representation(members) {
    const missing = members.flatMap((one) =>
      'value' in one && one.isLater ? [`${one.value} === undefined`] : [],
    )
    const text = `'{' + ${members.map(memberCode).join(" + ',' + ")} + '}'`
    const key = missing.length === 0 ? text : `${missing.join(' || ')} ? undefined : ${text}`
    return { key, representation: 'key' }
  },
  name: (values) => values.join(" + ',' + ") || "''",
  root: () => '',
  takeKnown(store, takeFrom, own) {
    const takes = store.sources.map((source) => (source.own.fetch < own.fetch ? takeFrom(source.own) : null))
    return `(run, known, r) => takeKnown(run, [${takes.map(String).join()}], known, r)`
  },
}

/** Objects that may be of several types begin with the name of theirs. */
function choiceCode(cases: readonly TypeCase[]): string {
  const lines = cases.map(({ place, take }) => {
    const [first] = place.parts[0]?.fields ?? []
    if (first?.key !== '__typename')
      throw new NotCompiled(`an answer has ${place.path.join('.') || nameOf(place)} without its type first`)
    return `case ${JSON.stringify(place.type)}: return ${take}(p);`
  })
  return `switch (typeAt(p)) {\n${lines.join('\n')}\ndefault: throw DEVIATION;\n}`
}

/** The body of a function that writes such an object. */
function wholeCode({ whole }: PlaceItems, keep: Keep): string | undefined {
  const pieces = whole.map((item, i) => itemCode(item, i > 0 ? ',' : '', keep))
  return pieces.includes(undefined) ? undefined : [textCode('{'), ...pieces, textCode('}')].join(' ')
}

function itemCode(item: Item, comma: string, keep: Keep): string | undefined {
  switch (item.kind) {
    case 'text':
      return textCode(`${comma}${JSON.stringify(item.key)}:${item.json}`)
    case 'hole':
      return `${textCode(comma)} fragment(r, ${item.fragment});`
    case 'field': {
      const value = item.field.places ? undefined : keep.get(item.field)
      return value && `${textCode(`${comma}${JSON.stringify(item.shown.key)}:`)} text(r.${value});`
    }
    default:
      return ''
  }
}

function textCode(text: string): string {
  return `text(${JSON.stringify(text)});`
}

function memberCode(one: Member): string {
  const key = `${JSON.stringify(one.name)}:`
  return 'json' in one ? JSON.stringify(key + one.json) : `${JSON.stringify(key)} + ${one.value}`
}

function noneCode({ fragments }: PlaceItems, part: number): string {
  const own = fragments.flatMap((fragment, i) =>
    fragment.part === part ? [[i, fragment.whenNull] as const] : [],
  )
  if (own.some(([, text]) => text === undefined)) return 'throw DEVIATION;'
  return own.map(([i, text]) => `r.f[${i}] = ${JSON.stringify(text)};`).join('\n')
}
