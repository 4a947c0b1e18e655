import { err, ok, type Result } from './result.ts'

declare const brand: unique symbol
/** A value that was parsed once, by the one function that may make it. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }

export type Sku = Brand<string, 'Sku'>
export type ProductId = Brand<string, 'ProductId'>
export type LocationId = Brand<string, 'LocationId'>
export type OrderId = Brand<string, 'OrderId'>
export type CartId = Brand<string, 'CartId'>
export type ShipmentId = Brand<string, 'ShipmentId'>
export type CustomerId = Brand<string, 'CustomerId'>

export interface BadId {
  readonly code: 'BAD_ID'
  readonly message: string
}

/** Business keys are short and printable: letters, digits and `. _ -`, so that they survive URLs, logs and files. */
const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

export const parseSku: (text: unknown) => Result<Sku, BadId> = keyParser<Sku>('a SKU', 'TEE-0001-M')
export const parseProductId: (text: unknown) => Result<ProductId, BadId> = keyParser<ProductId>(
  'a product id',
  'P-0001',
)
export const parseLocationId: (text: unknown) => Result<LocationId, BadId> = keyParser<LocationId>(
  'a location id',
  'DC-PIA',
)
export const parseOrderId: (text: unknown) => Result<OrderId, BadId> = keyParser<OrderId>(
  'an order id',
  'O-01J8…',
)
export const parseCartId: (text: unknown) => Result<CartId, BadId> = keyParser<CartId>('a cart id', 'C-01J8…')
export const parseShipmentId: (text: unknown) => Result<ShipmentId, BadId> = keyParser<ShipmentId>(
  'a shipment id',
  'O-01J8…-1',
)
export const parseCustomerId: (text: unknown) => Result<CustomerId, BadId> = keyParser<CustomerId>(
  'a customer id',
  'CU-0001',
)

/** `gid://catalog/Product/P-0001`: readable, and the prefix says which subgraph to ask. */
export function globalId(subgraph: string, type: string, key: string): string {
  return `gid://${subgraph}/${type}/${key}`
}

/** The key inside a global id of the expected subgraph and type. A bare business key is accepted too. */
export function keyOf(subgraph: string, type: string, id: string): Result<string, BadId> {
  const prefix = `gid://${subgraph}/${type}/`
  if (id.startsWith(prefix)) return ok(id.slice(prefix.length))
  if (!id.startsWith('gid://')) return ok(id)
  return err({ code: 'BAD_ID', message: `Expected an id like "${prefix}…", got ${quote(id)}.` })
}

function keyParser<T extends string>(what: string, example: string): (text: unknown) => Result<T, BadId> {
  return (text) => {
    // The one place where a plain string becomes a branded key.
    if (typeof text === 'string' && KEY.test(text)) return ok(text as T)
    return err({ code: 'BAD_ID', message: `Expected ${what} such as "${example}", got ${quote(text)}.` })
  }
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
