import type { Currency } from '@stoa/platform/market'
import { type Money, money, moneyToGraph } from '@stoa/platform/money'

/** Mastro writes amounts as decimal text: 4990 minor units of EUR are "49.90". */
export function toDecimalText(amount: Money): string {
  return moneyToGraph(amount).amount
}

/** "49.90" as 4990; undefined when the text is no amount of this currency, so that nothing is ever rounded. */
export function fromDecimalText(text: string, currency: Currency): number | undefined {
  const { exponent } = moneyToGraph(money(0, currency))
  const [, units, decimals = ''] = /^(\d{1,12})(?:\.(\d+))?$/.exec(text) ?? []
  return units !== undefined && decimals.length === exponent ? Number(units + decimals) : undefined
}
