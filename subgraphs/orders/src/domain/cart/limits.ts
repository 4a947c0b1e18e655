import type { OutOfRange, RefusalPath } from './refusal.ts'

/** Units of one SKU in one cart; more is a matter for sales people. */
export const LINE_QUANTITY: Range = { min: 1, max: 999, what: 'a quantity' }
/**
 * Stock for a whole order is held at once or not at all, one item a SKU, and a DynamoDB transaction takes 100 items:
 * the rest is room for what goes with them.
 */
export const CART_LINES: Range = { min: 0, max: 90, what: 'a number of lines' }
export const ACTIONS: Range = { min: 1, max: 50, what: 'a number of changes' }
export const FIRST_LINES: Range = { min: 0, max: 50, what: 'a number of lines to begin with' }

/** Minor units: a full cart of the dearest thing is still exact (2^53). */
export const MAX_UNIT_PRICE = 10_000_000_000

export interface Range {
  readonly min: number
  readonly max: number
  readonly what: string
}

/** A refusal when the value is not a whole number in the range. */
export function outOfRange(range: Range, value: number, path: RefusalPath): OutOfRange | undefined {
  const { min, max, what } = range
  if (Number.isInteger(value) && value >= min && value <= max) return undefined
  const message = `Expected ${what} of ${min} to ${max}, got ${value}.`
  return { code: 'QUANTITY_OUT_OF_RANGE', message, path, min, max }
}
