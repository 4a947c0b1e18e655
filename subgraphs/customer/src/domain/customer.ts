import type { EventOf } from '@stoa/schema/events'

/** What is known of a person with an account. */
export interface Customer {
  readonly customerId: string
  readonly name: string
  readonly email: string
  /** BCP 47. */
  readonly language: string
  readonly marketingConsent: boolean
  readonly addresses: readonly Address[]
  /** How many addresses there ever were: the next one is `A<this + 1>`, so no id is given twice. */
  readonly addressesGiven: number
  /** How many facts its stream holds. */
  readonly facts: number
}

export interface Address extends AddressFields {
  /** `A1` */
  readonly addressId: string
}

export interface AddressFields {
  readonly name: string
  readonly line1: string
  readonly line2?: string
  readonly postalCode: string
  readonly city: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
}

/** What becomes true by a command. Facts carry no personal data: they are told to everybody and kept for ever. */
export interface CustomerDecision {
  readonly customer: Customer
  readonly facts: readonly CustomerFact[]
  /** The address it is about, where one was added or replaced. */
  readonly addressId?: string
}

export type CustomerFact = EventOf<'CustomerRegistered' | 'CustomerAddressesChanged'>

export interface CustomerRefusal {
  readonly code:
    | 'ADDRESS_LIMIT_REACHED'
    | 'ADDRESS_NOT_FOUND'
    | 'ALREADY_REGISTERED'
    | 'CUSTOMER_NOT_FOUND'
    | 'EMAIL_TAKEN'
    | 'INVALID_ADDRESS'
    | 'INVALID_PROFILE'
  readonly message: string
  readonly path?: readonly string[]
}
