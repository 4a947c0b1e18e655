import { type GraphQLOutputType, getNullableType, isLeafType, isListType } from 'graphql'
import type { ObjectCode, PlaceCode } from '../emitter.ts'
import type { GeneratedFunction } from '../generated.ts'
import type { PlaceItems, ShownField } from '../items.ts'
import type { Place, SourceField } from '../place.ts'
import { shownIn } from './member-code.ts'

/** What is needed to write objects as text. */
export type TextParts = Pick<ObjectCode, 'callFor'> & { readonly place: PlaceItems }

/** The text of an object `w`, or of null; that of an entity is written once. Whatever has no entity within is JSON's to write. */
export function textFunction(code: PlaceCode): GeneratedFunction {
  const text = code.isWhole ? 'JSON.stringify(w)' : textCode(code)
  const body =
    code.group === undefined
      ? `return ${text};`
      : `let text = texts.get(w);\nif (text === undefined) texts.set(w, text = flat(${text}));\nreturn text;`
  return { name: 'text_', parameters: 'w', body: `if (w === null) return 'null';\n${body}` }
}

export const TEXT_CHOICE: GeneratedFunction = {
  name: 'text_',
  parameters: 'w',
  body: 'return JSON.stringify(w);',
}

/** An expression for the text of the object `w`. */
export function textCode({ place, callFor }: TextParts): string {
  const members = shownIn(place)
  if (!members.some((one) => 'field' in one && holdsEntities(one.field))) return 'JSON.stringify(w)'
  const texts = members.map((one) => {
    if ('json' in one) return JSON.stringify(`${JSON.stringify(one.key)}:${one.json}`)
    const { field, shown } = one
    return `${JSON.stringify(`${JSON.stringify(shown.key)}:`)} + ${valueCode(`w.${shown.key}`, field, shown, callFor)}`
  })
  return `'{' + ${texts.join(" + ',' + ")} + '}'`
}

function valueCode(
  value: string,
  field: SourceField,
  shown: ShownField,
  callFor: ObjectCode['callFor'],
): string {
  const present = getNullableType(shown.type)
  if (isLeafType(present) && PLAIN_TEXT.has(present.name)) return value
  if (!holdsEntities(field)) return `JSON.stringify(${value})`
  const take = callFor(field, shown)
  return isListType(present)
    ? `listText(${value}, ${writerOf(present.ofType, take)})`
    : `text_${take}(${value})`
}

/** As text they are what they are in JSON, and so is null. */
const PLAIN_TEXT: ReadonlySet<string> = new Set(['Boolean', 'Float', 'Int'])

function writerOf(type: GraphQLOutputType, take: string): string {
  const present = getNullableType(type)
  return isListType(present) ? `(w) => listText(w, ${writerOf(present.ofType, take)})` : `text_${take}`
}

function holdsEntities({ places }: SourceField): boolean {
  return [...(places?.values() ?? [])].some(
    ({ parts }: Place) => parts.length > 1 || parts.some(({ fields }) => fields.some(holdsEntities)),
  )
}
