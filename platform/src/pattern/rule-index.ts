import type { Envelope } from '../event.ts'
import { type EventMatcher, type EventPattern, eventView } from '../event-pattern.ts'

/** Many rules, asked together: an event is only tried against those its type or source lets through. */
export interface RuleIndex<T> {
  add(rule: Rule, value: T): void
  remove(value: T): void
  /** The values of all rules that match, in the order they were added within each bucket. */
  match(event: Envelope): readonly T[]
}

interface Rule {
  readonly pattern: EventPattern
  readonly matches: EventMatcher
}

interface Entry<T> {
  readonly value: T
  /** Undefined when being in the bucket is proof enough. */
  readonly matches: EventMatcher | undefined
}

export function createRuleIndex<T>(): RuleIndex<T> {
  const byType = new Map<string, Entry<T>[]>()
  const bySource = new Map<string, Entry<T>[]>()
  const rest: Entry<T>[] = []

  return {
    add(rule, value) {
      const { types, sources, isAll } = headOf(rule.pattern)
      const entry: Entry<T> = { value, matches: isAll ? undefined : rule.matches }
      if (types) put(byType, types, entry)
      else if (sources) put(bySource, sources, entry)
      else rest.push(entry)
    },
    remove(value) {
      for (const bucket of [...byType.values(), ...bySource.values(), rest]) drop(bucket, value)
    },
    match(event) {
      return select([byType.get(event.type), bySource.get(event.source), rest], event)
    },
  }
}

/** One rule over envelopes: the view is only made for those whose type and source let it through. */
export function envelopeMatcher({ pattern, matches }: Rule): (event: Envelope) => boolean {
  const { types, sources, isAll } = headOf(pattern)
  return (event) => {
    if (types && !types.includes(event.type)) return false
    if (sources && !sources.includes(event.source)) return false
    return isAll || matches(eventView(event))
  }
}

/** What a pattern says about type and source by plain strings, and whether that is all it says. */
interface Head {
  readonly types: readonly string[] | undefined
  readonly sources: readonly string[] | undefined
  readonly isAll: boolean
}

function headOf(pattern: EventPattern): Head {
  const types = literalsOf(pattern['detail-type'])
  const sources = literalsOf(pattern['source'])
  return { types, sources, isAll: Object.keys(pattern).length === 1 && (types ?? sources) !== undefined }
}

function select<T>(buckets: readonly (readonly Entry<T>[] | undefined)[], event: Envelope): readonly T[] {
  const found: T[] = []
  let view: ReturnType<typeof eventView> | undefined
  for (const bucket of buckets) {
    for (const { value, matches } of bucket ?? []) {
      if (matches) view ??= eventView(event)
      if (!matches || (view && matches(view))) found.push(value)
    }
  }
  return found
}

/** The strings of a leaf that holds nothing but strings. */
function literalsOf(leaf: EventPattern[string] | undefined): readonly string[] | undefined {
  if (!Array.isArray(leaf)) return undefined
  const texts = leaf.filter((element): element is string => typeof element === 'string')
  return texts.length === leaf.length ? [...new Set(texts)] : undefined
}

function put<T>(buckets: Map<string, Entry<T>[]>, keys: readonly string[], entry: Entry<T>): void {
  for (const key of keys) {
    const bucket = buckets.get(key)
    if (bucket) bucket.push(entry)
    else buckets.set(key, [entry])
  }
}

function drop<T>(bucket: Entry<T>[], value: T): void {
  const at = bucket.findIndex((entry) => entry.value === value)
  if (at >= 0) bucket.splice(at, 1)
}
