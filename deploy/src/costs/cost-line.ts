import type { Price } from './prices.ts'

export interface CostLine {
  readonly what: string
  /** In the units of the price. */
  readonly quantity: number
  readonly price: Price
  readonly dollars: number
}

export function costLine(what: string, quantity: number, price: Price): CostLine {
  return { what, quantity, price, dollars: quantity * price.dollars }
}

export function sumOf(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0)
}
