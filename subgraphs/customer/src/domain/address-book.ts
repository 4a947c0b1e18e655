import { err, ok, type Result } from '@stoa/platform/result'
import { checkAddress } from './check-address.ts'
import type { Address, AddressFields, Customer, CustomerDecision, CustomerRefusal } from './customer.ts'

type Decided = Result<CustomerDecision, readonly CustomerRefusal[]>

export const MAX_ADDRESSES = 20

export function addAddress(now: Customer, fields: AddressFields): Decided {
  if (now.addresses.length >= MAX_ADDRESSES) return err([limitReached])
  const checked = checkAddress(fields)
  if (!checked.ok) return checked
  const given = now.addressesGiven + 1
  const address: Address = { addressId: `A${given}`, ...checked.value }
  return changed({ ...now, addressesGiven: given }, [...now.addresses, address], address.addressId)
}

export function updateAddress(now: Customer, addressId: string, fields: AddressFields): Decided {
  const checked = checkAddress(fields)
  if (!checked.ok) return checked
  const replaced = { addressId, ...checked.value }
  return ifThere(now, addressId, () =>
    changed(
      now,
      now.addresses.map((address) => (address.addressId === addressId ? replaced : address)),
      addressId,
    ),
  )
}

export function removeAddress(now: Customer, addressId: string): Decided {
  return ifThere(now, addressId, () =>
    changed(
      now,
      now.addresses.filter((address) => address.addressId !== addressId),
    ),
  )
}

function changed(now: Customer, addresses: readonly Address[], addressId?: string): Decided {
  const { customerId } = now
  return ok({
    customer: { ...now, addresses, facts: now.facts + 1 },
    facts: [{ type: 'CustomerAddressesChanged', data: { customerId } }],
    ...(addressId !== undefined && { addressId }),
  })
}

function ifThere(now: Customer, addressId: string, change: () => Decided): Decided {
  if (now.addresses.some((address) => address.addressId === addressId)) return change()
  const known = now.addresses.map((address) => address.addressId).join(', ') || 'none'
  const message = `There is no address "${addressId}" in the book; there are: ${known}.`
  return err([{ code: 'ADDRESS_NOT_FOUND', message, path: ['addressId'] }])
}

const limitReached: CustomerRefusal = {
  code: 'ADDRESS_LIMIT_REACHED',
  message: `The address book holds ${MAX_ADDRESSES} addresses at most. Remove one first.`,
  path: ['address'],
}
