import type { AttributeValue } from '@aws-sdk/client-dynamodb'

/** Bytes of an item by the rules on AWS's page about item sizes; numbers as exactly as the page is. */
export function itemBytes(item: Readonly<Record<string, AttributeValue>>): number {
  let size = 0
  for (const [name, value] of Object.entries(item)) size += Buffer.byteLength(name) + valueBytes(value)
  return size
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S)
  if (value.N !== undefined) return numberBytes(value.N)
  if (value.L !== undefined) return value.L.reduce((sum, one) => sum + 1 + valueBytes(one), 3)
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemBytes(value.M)
  return 1
}

/** A byte for each two significant digits, one more, and one for a minus. */
function numberBytes(text: string): number {
  const digits = text.replace('-', '').replace('.', '').replace(/^0+/, '').replace(/0+$/, '')
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith('-') ? 1 : 0)
}
