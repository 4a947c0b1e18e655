import { type FieldPlan, planEmission } from './emission.ts'
import { emitValue } from './emit-value.ts'
import { entityCode, type ObjectCode, type PlaceCode } from './emitter.ts'
import type { Item } from './items.ts'
import type { SourceField } from './place.ts'
import { createWriter, type Writer } from './writer.ts'

/** An object whose text is written where it stands in its parent. */
export function emitInline(code: PlaceCode): string {
  return emitObject({ code, entity: entityCode(code), isInline: true })
}

/** An object whose text is cut into fragments of `r`. */
export function emitFragments(code: ObjectCode): string {
  return emitObject({ code, entity: undefined, isInline: false })
}

function emitObject({ code, entity, isInline }: Omit<Writing, 'writer' | 'next' | 'written'>): string {
  const writer = createWriter(isInline, code.constant)
  const writing: Writing = { code, entity, isInline, writer, next: 0, written: 0 }
  const plans = neededOf(code, planEmission(code.fields, code.items, code.keep))
  const lastKept = plans.findLastIndex(({ keep }) => keep !== undefined)
  begin(writing)
  if (lastKept < 0 && entity) writer.line(entity)
  for (const [i, plan] of plans.entries()) {
    writeField(writing, plan, i)
    if (i === lastKept && entity) writer.line(entity)
  }
  finish(writing)
  return writer.lines.join('\n')
}

/** An object whose text follows from its key alone: all of it is one fragment of the entity. */
export function emitWhole(code: PlaceCode, fragment: number): string {
  const writer = createWriter(true, code.constant)
  const entity = entityCode(code)
  const writing: Writing = { code, entity, isInline: true, writer, next: 0, written: 0 }
  writer.endRun()
  begin(writing)
  for (const [i, plan] of planEmission(code.fields, code.items, code.keep).entries()) {
    passKey(writer, plan.field, i)
    value(writing, plan)
  }
  writer.expect('}')
  if (entity) writer.line(entity)
  writer.hole(fragment)
  writer.startRun('p')
  register(writing)
  writer.line('return p;')
  return writer.lines.join('\n')
}

interface Writing {
  readonly code: ObjectCode
  readonly entity: string | undefined
  readonly isInline: boolean
  readonly writer: Writer
  /** The next item to be written. */
  next: number
  /** Items since the object or the fragment began. */
  written: number
}

function begin({ code, writer }: Writing): void {
  writer.line('const b = B, start = p; let q = 0;')
  for (const name of code.keep.values()) if (!name.includes('.')) writer.line(`let ${name} = '';`)
  writer.expect('{')
}

function neededOf({ known }: ObjectCode, plans: readonly FieldPlan[]): readonly FieldPlan[] {
  const last = plans.findLastIndex(({ role, keep }) => role !== 'drop' || keep !== undefined)
  return known ? plans.slice(0, last + 1) : plans
}

function writeField(writing: Writing, plan: FieldPlan, position: number): void {
  const { writer } = writing
  if (plan.role === 'run') {
    writeRun(writing, plan, position)
    return
  }
  writer.endRun()
  passKey(writer, plan.field, position)
  if (plan.role === 'delay') delay(writing, plan, position)
  else drop(writing, plan)
}

function passKey(writer: Writer, { key }: SourceField, position: number): void {
  writer.expect(`${position > 0 ? ',' : ''}${JSON.stringify(key)}:`)
}

/** Passed on where it stands, together with what stands before it if that is passed on, too. */
function writeRun(writing: Writing, plan: FieldPlan, position: number): void {
  const { writer } = writing
  const { field, item } = plan
  const isRenamed = field.key !== plan.shown?.key
  const goesOn = writer.isRunning && writing.next === item && !isRenamed
  if (!goesOn) {
    writer.endRun()
    writeItems(writing, item)
    if (writing.written > 0) writer.text(',')
  }
  if (!(goesOn || isRenamed)) writer.startRun(position > 0 ? 'p + 1' : 'p')
  passKey(writer, field, position)
  if (isRenamed) {
    writer.text(`${JSON.stringify(plan.shown?.key)}:`)
    writer.startRun('p')
  }
  writing.next = item + 1
  writing.written += 1
  value(writing, plan)
}

function value({ code, writer }: Writing, { field, shown, keep }: FieldPlan): void {
  if (keep !== undefined) writer.line('q = p;')
  if (field.fieldName === '__typename') writer.expect(JSON.stringify(code.type))
  else if (shown) writer.line(emitValue(shown.type, () => code.callFor(field, shown)))
  else writer.line('p = skipValue(b, p);')
  if (keep !== undefined) writer.line(`${keep} = kept(q, p);`)
}

function drop(writing: Writing, plan: FieldPlan): void {
  value(writing, { ...plan, shown: undefined })
}

/** Its text, and any holes in it, are set aside. */
function delay(writing: Writing, plan: FieldPlan, position: number): void {
  const { writer } = writing
  writer.line(`const s${position} = p;`)
  if (!plan.field.places) {
    value(writing, plan)
    writer.line(`const e${position} = p;`)
    return
  }
  writer.line(`const t${position} = n; mark = p;`)
  value(writing, plan)
  writer.line(`run(mark, p); const d${position} = cut(t${position});`)
}

/** Items up to one that is written by itself: constants, holes, and what was set aside. */
function writeItems(writing: Writing, until: number): void {
  for (; writing.next < until; writing.next += 1) {
    const item = writing.code.items[writing.next]
    if (item) writeItem(writing, item)
  }
}

function writeItem(writing: Writing, item: Item): void {
  const { writer } = writing
  if (item.kind === 'end') {
    writer.end(item.fragment)
    writing.written = 0
    return
  }
  if (writing.written > 0) writer.text(',')
  writing.written += 1
  if (item.kind === 'text') writer.text(`${JSON.stringify(item.key)}:${item.json}`)
  else if (item.kind === 'hole') writer.hole(item.fragment)
  else writeKept(writing, item)
}

function writeKept({ code, writer }: Writing, { field, shown }: Extract<Item, { kind: 'field' }>): void {
  writer.text(`${JSON.stringify(shown.key)}:`)
  const position = code.fields.indexOf(field)
  if (field.places) writer.append(`d${position}`)
  else writer.run(`s${position}`, `e${position}`)
}

function finish(writing: Writing): void {
  const { writer, code, isInline } = writing
  const isWhole = isInline && writing.next === code.items.length && writer.isRunning
  if (!isWhole) writer.endRun()
  writeItems(writing, code.items.length)
  if (isInline && !isWhole) writer.text('}')
  if (!code.known) writer.expect('}')
  if (isInline && !isWhole) writer.startRun('p')
  register(writing)
  writer.line('return p;')
}

function register({ code, writer }: Writing): void {
  for (const { store, source, key } of code.register) {
    const name = key.join(" + ',' + ") || "''"
    writer.line(`remember(${store.index}, ${name}, start, ${source});`)
  }
}
