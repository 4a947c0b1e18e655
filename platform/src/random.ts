import { randomFillSync } from 'node:crypto'
import { V7Generator } from 'uuidv7'

/** Chance as a port: seeded in tests, simulation and demo data, the machine's own in production. */
export interface Random {
  /** A number in [0, 1). */
  next(): number
  /** A fresh UUID; version 7 (sortable by time) from the machine's own source. */
  uuid(): string
}

const uuids = new V7Generator({ nextUint32: createWords() })

export const systemRandom: Random = { next: () => Math.random(), uuid: () => uuids.generate().toString() }

/** 32 random bits each, from a block of 4 kB: asking the machine costs far more than an id does. */
function createWords(): () => number {
  const words = new Uint32Array(1_024)
  let used = words.length
  return () => {
    if (used === words.length) {
      randomFillSync(words)
      used = 0
    }
    const word = words[used] ?? 0
    used += 1
    return word
  }
}

/** The same seed gives the same numbers and ids for ever (mulberry32, 32-bit state). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join('')
  return { next, uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}` }
}
