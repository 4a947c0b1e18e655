import { invariant } from '@stoa/platform/invariant'
import type { Random } from '@stoa/platform/random'

/** A whole number from low to high, both included. */
export function drawInt(random: Random, low: number, high: number): number {
  return low + Math.floor(random.next() * (high - low + 1))
}

export function drawOne<T>(random: Random, from: readonly T[]): T {
  const one = from[Math.floor(random.next() * from.length)]
  invariant(one !== undefined, 'cannot draw from an empty list')
  return one
}

/** `count` different ones, in the order of the list. */
export function drawSome<T>(random: Random, from: readonly T[], count: number): readonly T[] {
  const chosen = rank(random, from).slice(0, count)
  return chosen.sort((a, b) => a.index - b.index).map((entry) => entry.item)
}

/** All of them, in another order. */
export function drawOrder<T>(random: Random, from: readonly T[]): readonly T[] {
  return rank(random, from).map((entry) => entry.item)
}

/** Index in 0…count−1, low ones far more often: demand follows Zipf's law with exponent about 1. */
export function drawZipf(random: Random, count: number): number {
  return Math.min(count - 1, Math.floor(count ** random.next() - 1 + random.next() * 0.5))
}

export function drawChance(random: Random, share: number): boolean {
  return random.next() < share
}

interface Ranked<T> {
  readonly item: T
  readonly index: number
  readonly rank: number
}

function rank<T>(random: Random, from: readonly T[]): Ranked<T>[] {
  return from.map((item, index) => ({ item, index, rank: random.next() })).sort((a, b) => a.rank - b.rank)
}
