import { divide } from './divide.ts'
import { type Level, promisable } from './stock.ts'

/**
 * How many of the units on a shelf are whose, reserved ones included. Held units go first, in proportion where they
 * are too few. What was found is shared out evenly; what was lost is taken in proportion to what is free, safety
 * stock last.
 */
export function shareShelf(levels: readonly Level[], onHand: number): readonly number[] {
  const reserved = sum(levels, (level) => level.reserved)
  if (onHand < reserved) return less(levels, { units: reserved - onHand, of: (level) => level.reserved })
  const change = onHand - sum(levels, (level) => level.available + level.reserved)
  if (change >= 0) return more(levels, change)
  const free = Math.min(-change, sum(levels, promisable))
  const beyondSafety = takeOff(levels, { units: free, of: promisable })
  const safety = takeOff(levels, {
    units: -change - free,
    of: (level) => level.available - promisable(level),
  })
  return levels.map(
    (level, i) => level.available + level.reserved - (beyondSafety[i] ?? 0) - (safety[i] ?? 0),
  )
}

interface Taking {
  readonly units: number
  readonly of: (level: Level) => number
}

function takeOff(levels: readonly Level[], { units, of }: Taking): readonly number[] {
  return divide(units, levels.map(of))
}

function less(levels: readonly Level[], taking: Taking): readonly number[] {
  const parts = takeOff(levels, taking)
  return levels.map((level, i) => taking.of(level) - (parts[i] ?? 0))
}

function more(levels: readonly Level[], units: number): readonly number[] {
  const parts = divide(
    units,
    levels.map(() => 1),
  )
  return levels.map((level, i) => level.available + level.reserved + (parts[i] ?? 0))
}

function sum(levels: readonly Level[], of: (level: Level) => number): number {
  return levels.reduce((total, level) => total + of(level), 0)
}
