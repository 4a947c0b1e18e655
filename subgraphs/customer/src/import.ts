import { commitAll, refuseImport } from '@stoa/platform/bulk-import'
import type { EventStore, Transaction } from '@stoa/platform/event-store'
import { Fault } from '@stoa/platform/fault'
import { parseCustomerId } from '@stoa/platform/id'
import { MAX_ADDRESSES } from './domain/address-book.ts'
import { checkAddress } from './domain/check-address.ts'
import type { Address, AddressFields, Customer } from './domain/customer.ts'
import { register } from './domain/profile.ts'
import { customerKey, customerRow, emailRow } from './store/customer-rows.ts'

/** A customer from elsewhere: another shop, a file, the demo generator. */
export interface ImportCustomer {
  readonly customerId: string
  readonly name: string
  readonly email: string
  /** BCP 47. */
  readonly language: string
  readonly marketingConsent?: boolean
  /** At most 20. */
  readonly addresses: readonly AddressFields[]
}

export interface Imported {
  readonly customers: number
  /** Were there before, left as they are. */
  readonly skipped: number
}

/**
 * Writes customers as rows, up to 50 in a transaction. Tells no facts: they are no news. Running it again takes in
 * who is missing. Refuses everything when anything is wrong.
 */
export async function importCustomers(
  store: EventStore,
  customers: readonly ImportCustomer[],
): Promise<Imported> {
  const problems: string[] = []
  const read = customers.flatMap((customer) => readCustomer(customer, problems))
  // Problems say which fields, never whose data.
  refuseImport('The customers', problems)
  const known = await store.getMany(read.map(({ customerId }) => customerKey(customerId)))
  const fresh = read.filter((_, index) => known[index] === undefined)
  await commitAll(store, fresh.map(toPart), taken)
  return { customers: fresh.length, skipped: read.length - fresh.length }
}

function readCustomer(from: ImportCustomer, problems: string[]): readonly Customer[] {
  const { customerId, name, email, language, marketingConsent = false } = from
  const id = parseCustomerId(customerId)
  const profile = register(undefined, { customerId, name, email, language, marketingConsent })
  const addresses = from.addresses.map(checkAddress)
  const refusals = [profile, ...addresses].flatMap((part) => (part.ok ? [] : part.error))
  problems.push(
    ...(id.ok ? [] : [id.error.message]),
    ...refusals.map(({ message }) => `${customerId}: ${message}`),
  )
  if (addresses.length > MAX_ADDRESSES)
    problems.push(`${customerId} has more than ${MAX_ADDRESSES} addresses.`)
  if (!profile.ok) return []
  const book = addresses.flatMap((address, index): Address[] =>
    address.ok ? [{ addressId: `A${index + 1}`, ...address.value }] : [],
  )
  return [{ ...profile.value.customer, addresses: book, addressesGiven: book.length, facts: 0 }]
}

function toPart(customer: Customer): Transaction {
  return { rows: [customerRow(customer, 'absent'), emailRow(customer.email, customer.customerId)] }
}

/** The names of the rows hold e-mail addresses, so they are counted only. */
function taken({ length }: readonly string[]): Fault {
  const message = `${length} or more e-mail addresses or ids belong to other customers already. Import each once.`
  return new Fault('CONFLICT', message, { retryable: false })
}
