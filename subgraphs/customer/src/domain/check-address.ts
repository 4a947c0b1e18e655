import { err, ok, type Result } from '@stoa/platform/result'
import { cleanText } from './check-text.ts'
import { isCountry } from './countries.ts'
import type { AddressFields, CustomerRefusal } from './customer.ts'
import { readPostalCode } from './postal-codes.ts'

const LONGEST_LINE = 100

/** An address as it is kept, or all that is wrong with it at once. */
export function checkAddress(fields: AddressFields): Result<AddressFields, readonly CustomerRefusal[]> {
  const problems: CustomerRefusal[] = []
  function line(field: 'name' | 'line1' | 'line2' | 'city', text: string): string {
    const clean = cleanText(text, LONGEST_LINE)
    if (clean === undefined) problems.push(invalid(field, `1 to ${LONGEST_LINE} printable characters`))
    return clean ?? ''
  }
  const country = fields.country.trim().toUpperCase()
  const postal = readPostalCode(country, fields.postalCode)
  if (!isCountry(country)) problems.push(invalid('country', 'an ISO 3166-1 alpha-2 code such as "IT"'))
  else if (!postal.ok) problems.push(invalid('postalCode', `${postal.error} in ${country}`))
  const line2 = fields.line2?.trim() ? { line2: line('line2', fields.line2) } : {}
  const clean = {
    name: line('name', fields.name),
    line1: line('line1', fields.line1),
    ...line2,
    postalCode: postal.ok ? postal.value : '',
    city: line('city', fields.city),
    country,
  }
  return problems.length > 0 ? err(problems) : ok(clean)
}

function invalid(field: string, expected: string): CustomerRefusal {
  const message = `Expected ${field} to be ${expected}.`
  return { code: 'INVALID_ADDRESS', message, path: ['address', field] }
}
