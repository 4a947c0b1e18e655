import { describe, expect, it } from '@jest/globals'
import { addAddress, MAX_ADDRESSES, removeAddress, updateAddress } from './address-book.ts'
import type { AddressFields, Customer } from './customer.ts'

const ada: Customer = {
  customerId: 'CU-ADA',
  name: 'Ada Conti',
  email: 'ada@example.test',
  language: 'it',
  marketingConsent: false,
  addresses: [],
  addressesGiven: 0,
  facts: 1,
}
const milan: AddressFields = {
  name: 'Ada Conti',
  line1: 'Via Dante 1',
  postalCode: '20121',
  city: 'Milano',
  country: 'IT',
}

function added(to: Customer, fields: AddressFields = milan): Customer {
  const decided = addAddress(to, fields)
  if (!decided.ok) throw new Error(JSON.stringify(decided.error))
  return decided.value.customer
}

describe('an address book', () => {
  it('gives every address an id of its own and tells that it changed, but not to what', () => {
    const decided = addAddress(ada, milan)
    expect(decided).toMatchObject({
      value: {
        addressId: 'A1',
        customer: { addresses: [{ addressId: 'A1', ...milan }], facts: 2 },
        facts: [{ type: 'CustomerAddressesChanged', data: { customerId: 'CU-ADA' } }],
      },
    })
    expect(JSON.stringify(decided.ok && decided.value.facts)).not.toContain('Dante')
  })

  it('never gives an id twice', () => {
    const removed = removeAddress(added(ada), 'A1')
    const again = removed.ok ? added(removed.value.customer) : ada
    expect(again.addresses.map((address) => address.addressId)).toEqual(['A2'])
  })

  it('holds twenty addresses', () => {
    let full = ada
    for (let i = 0; i < MAX_ADDRESSES; i++) full = added(full)
    expect(addAddress(full, milan)).toMatchObject({ ok: false, error: [{ code: 'ADDRESS_LIMIT_REACHED' }] })
  })

  it('replaces an address in its place', () => {
    const two = added(added(ada))
    const decided = updateAddress(two, 'A1', { ...milan, line1: 'Via Dante 2' })
    const addresses = decided.ok ? decided.value.customer.addresses : []
    expect(addresses.map(({ addressId, line1 }) => [addressId, line1])).toEqual([
      ['A1', 'Via Dante 2'],
      ['A2', 'Via Dante 1'],
    ])
  })

  it('knows nothing of an address that is not in it', () => {
    const refused = { ok: false, error: [{ code: 'ADDRESS_NOT_FOUND', path: ['addressId'] }] }
    expect(removeAddress(ada, 'A1')).toMatchObject(refused)
    expect(updateAddress(ada, 'A1', milan)).toMatchObject(refused)
  })
})

describe('an address', () => {
  it.each([
    ['IT', '20121', '20121'],
    ['DE', ' 10115 ', '10115'],
    ['GB', 'sw1a1aa', 'SW1A 1AA'],
    ['GB', 'm1 1ae', 'M1 1AE'],
    ['CH', '8001', '8001'],
    ['FR', '75001', '75001'],
    ['AT', '1010', '1010'],
    ['ES', '28013', '28013'],
    ['it', '20121', '20121'],
    ['NL', '1012 lg', '1012 LG'],
  ])('in %s may have the postal code "%s", kept as "%s"', (country, postalCode, kept) => {
    const { addresses } = added(ada, { ...milan, country, postalCode })
    expect(addresses[0]).toMatchObject({ postalCode: kept, country: country.toUpperCase() })
  })

  it.each([
    ['IT', '2012'],
    ['DE', '00123'],
    ['GB', '20121'],
    ['CH', '0801'],
    ['FR', '99001'],
    ['AT', '10100'],
    ['ES', '53001'],
    ['NL', ''],
  ])('in %s may not have the postal code "%s"', (country, postalCode) => {
    const decided = addAddress(ada, { ...milan, country, postalCode })
    expect(decided).toMatchObject({
      ok: false,
      error: [{ code: 'INVALID_ADDRESS', path: ['address', 'postalCode'] }],
    })
  })

  it('hears of everything that is wrong at once', () => {
    const wrong = { name: ' ', line1: 'x'.repeat(101), postalCode: '1', city: 'Mi\u0000lano', country: 'XX' }
    const decided = addAddress(ada, wrong)
    const paths = decided.ok ? [] : decided.error.map(({ path }) => path?.at(-1))
    expect(paths).toEqual(['country', 'name', 'line1', 'city'])
  })
})
