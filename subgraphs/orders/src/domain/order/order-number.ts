/** How many order numbers there are. */
const NUMBERS = 1_000_000_000

/** A number people can read out, `481-209-3375`: nine digits of chance and a check digit. `chance` is in [0, 1). */
export function orderNumber(chance: number): string {
  const digits = String(Math.floor(chance * NUMBERS)).padStart(9, '0')
  const checked = `${digits}${checkDigit(digits)}`
  return `${checked.slice(0, 3)}-${checked.slice(3, 6)}-${checked.slice(6)}`
}

/** Whether it was heard and typed right. */
export function isOrderNumber(text: string): boolean {
  return /^\d{3}-\d{3}-\d{4}$/.test(text) && checkDigit(text.replaceAll('-', '')) === 0
}

/**
 * Damm's totally anti-symmetric quasigroup of order 10 (H. Michael Damm, 2004): finds every single wrong
 * digit and every swap of two neighbours. The check digit of a number with its check digit is 0.
 */
const DAMM = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
] as const

function checkDigit(digits: string): number {
  let interim = 0
  for (const digit of digits) interim = Number(DAMM[interim]?.[Number(digit)])
  return interim
}
