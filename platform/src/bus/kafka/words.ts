import { type KafkaRead, type KafkaRecord, weighed } from './record.ts'
import type { StateKey, StateWord } from './state.ts'

/** A word of the state topic as a record: the key as JSON, so that people can read it, the fence as a header. */
export function recordOfWord(word: StateWord, now: number): KafkaRecord {
  const { consumer, kind, id, fence, value } = word
  return weighed({
    key: Buffer.from(JSON.stringify([consumer, kind, id])),
    value: value === undefined ? undefined : Buffer.from(JSON.stringify(value)),
    headers: fence === undefined ? NONE : new Map([[FENCE, Buffer.from(String(fence))]]),
    timestamp: Math.max(0, now),
  })
}

/** Undefined for what is no word of ours. */
export function wordOf({ key, value, headers }: KafkaRead): StateWord | undefined {
  try {
    const name: unknown = JSON.parse(key)
    if (!isKey(name)) return undefined
    const [consumer, kind, id] = name
    const fence = headers.get('fence')
    return {
      consumer,
      kind,
      id,
      ...(fence === undefined ? {} : { fence: Number(fence) }),
      value: value === undefined ? undefined : JSON.parse(value.toString()),
    }
  } catch {
    return undefined
  }
}

const FENCE = Buffer.from('fence')
const NONE: ReadonlyMap<Buffer, Buffer> = new Map()

const KINDS: ReadonlySet<unknown> = new Set(['claim', 'release', 'cursor', 'waiting', 'replay', 'dead'])

function isKey(name: unknown): name is readonly [string, StateKey['kind'], string] {
  return Array.isArray(name) && name.length === 3 && KINDS.has(name[1]) && typeof name[0] === 'string'
}
