import { entityCode, type ObjectBody, type ObjectCode, type PlaceCode } from '../emitter.ts'
import type { Item, ShownField } from '../items.ts'
import type { SourceField } from '../place.ts'
import { type Checked, emitCheck } from './emit-check.ts'
import { againLines, hasObjects, sameFunction } from './emit-same.ts'
import { textFunction } from './emit-text.ts'
import type { Pick } from './foreign.ts'
import { assignCode, literalCode, readCode } from './member-code.ts'
import { nameCode } from './name-code.ts'

/** A function that takes `v` and returns the object that stands for it in the answer. */
export function emitInParent(code: PlaceCode): ObjectBody {
  const checked = checkAll(code)
  const literal = literalCode(code.place, (_, shown) => checked.shown.get(shown) ?? 'null')
  const end = code.group === undefined ? [`return ${literal};`] : entityLines(code, literal)
  const own = [...beginLines(code), ...keepLines(code)]
  const lines = [...own, ...foundLines(code), ...registerLines(code), ...checked.lines, ...end]
  return { body: lines.join('\n'), beside: [sameFunction(code), textFunction(code)] }
}

function foundLines(code: PlaceCode): readonly string[] {
  const found = entityCode(code)
  if (found === undefined) return []
  return code.isWhole ? [found] : [found, ...againLines(code)]
}

function entityLines(code: PlaceCode, literal: string): readonly string[] {
  if (code.isWhole) return ['return r.o[0];']
  const count = hasObjects(code) ? ['R.made += 1;'] : []
  return [`const w = ${literal};`, 'r.o.push(w);', ...count, 'return w;']
}

/** The body of a function that takes `v` and puts what it tells into the objects of the entity `r`. */
export function emitEntityPart(code: ObjectCode): string {
  const checked = checkAll(code)
  const members = code.items.flatMap((item): readonly [string, string][] =>
    item.kind === 'field' ? [[item.shown.key, checked.shown.get(item.shown) ?? 'null']] : [],
  )
  return [
    ...[...beginLines(code), ...keepLines(code), ...registerLines(code), ...checked.lines],
    assignCode(members),
  ].join('\n')
}

/** Reads every member that is needed, once: what a subgraph gave may have another value the next time. */
function beginLines(code: ObjectCode): readonly string[] {
  const needed = neededFields(code)
  const reads = code.fields.flatMap((field, i) =>
    needed.has(field) ? [`const f${i} = ${readFrom(code, field)};`] : [],
  )
  const types = code.fields.flatMap((field, i) =>
    field.fieldName === '__typename' ? [`if (f${i} !== ${JSON.stringify(code.type)}) throw DEVIATION;`] : [],
  )
  return code.known ? [...reads, ...types] : [OWN_MEMBERS, ...reads, ...types]
}

const OWN_MEMBERS = `if (typeof v !== 'object' || v === null) throw DEVIATION;
const t = prototypeOf(v);
if (t !== null && t !== PLAIN) v = ownMembers(v);`

/** What is remembered is a list. */
function readFrom({ known }: ObjectCode, { key, signature }: SourceField): string {
  return known ? `v[${known.told.indexOf(signature)}]` : readCode('v', key)
}

function neededFields({ fields, items, keep, register }: ObjectCode): ReadonlySet<SourceField> {
  const told = new Set(register.flatMap(({ store }) => store.told))
  const shown = items.flatMap((item) => (item.kind === 'field' ? [item.field] : []))
  const others = fields.filter(
    ({ signature, fieldName, places }) => fieldName === '__typename' || (!places && told.has(signature)),
  )
  return new Set([...shown, ...keep.keys(), ...others])
}

function keepLines({ fields, keep, constant }: ObjectCode): readonly string[] {
  return [...keep].map(([field, name]) => {
    const value = `f${fields.indexOf(field)}`
    const kept = field.places
      ? `picked(${value}, C${constant(JSON.stringify(pickOf(field)))})`
      : `held(${value})`
    return `${name.includes('.') ? '' : 'const '}${name} = ${kept};`
  })
}

/** A field that is needed whole has one type and no other parts. */
function pickOf({ places }: SourceField): Pick | null {
  const [place] = places?.values() ?? []
  return place ? (place.parts[0]?.fields ?? []).map((field) => [field.key, pickOf(field)]) : null
}

function registerLines({ register, fields }: ObjectCode): readonly string[] {
  return register.map(({ store, key }) => {
    const values = store.told.map((signature) => {
      const at = fields.findIndex((field) => !field.places && field.signature === signature)
      return `held(f${at})`
    })
    const name = nameCode(key)
    return `if (!R.stores[${store.index}].has(${name})) R.stores[${store.index}].set(${name}, [${values.join()}]);`
  })
}

interface CheckedFields {
  readonly lines: readonly string[]
  /** Expressions for what the client may see. */
  readonly shown: ReadonlyMap<ShownField, string>
}

function checkAll(code: ObjectCode): CheckedFields {
  const shown = new Map<ShownField, string>()
  const seen = new Set<SourceField>()
  const lines: string[] = []
  for (const [i, item] of code.items.entries()) {
    if (item.kind !== 'field') continue
    const read = `f${code.fields.indexOf(item.field)}`
    // A client may want one field under several keys: then it is read once and checked for each.
    const value = seen.has(item.field) ? `${read}_${i}` : read
    if (value !== read) lines.push(`const ${value} = ${read};`)
    seen.add(item.field)
    const checked = checkField(code, item, value)
    lines.push(...checked.lines)
    shown.set(item.shown, checked.shown)
  }
  return { lines, shown }
}

function checkField(
  { callFor, constant }: ObjectCode,
  { field, shown }: Extract<Item, { kind: 'field' }>,
  value: string,
): Checked {
  return emitCheck(shown.type, value, {
    object: (_, object) => `${callFor(field, shown)}(${object})`,
    names: (values) => `C${constant(`new Set(${JSON.stringify(values)})`)}`,
  })
}
