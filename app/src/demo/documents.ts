import { z } from 'zod'
import type { Question } from '../shop-client.ts'

/** What ada asks until her order is placed, each document beside the shape it expects. */

const money = z.object({ amount: z.string(), currency: z.string() })
const userErrors = z.array(z.object({ code: z.string(), message: z.string() }))

interface Money {
  readonly amount: string
  readonly currency: string
}
type Refusals = readonly { readonly code: string; readonly message: string }[]

export interface Found {
  readonly name: string
  readonly alsoBought: readonly { readonly name: string }[] | null
  readonly variants: { readonly nodes: readonly FoundVariant[] }
}

export interface FoundVariant {
  readonly sku: string
  readonly name: string
  readonly price: Money
  readonly availability: { readonly availableToPromise: number } | null
}

export interface Searched {
  readonly products: { readonly totalCount: number | null; readonly nodes: readonly Found[] }
}

const searched: z.ZodType<Searched> = z.object({
  products: z.object({
    totalCount: z.number().nullable(),
    nodes: z.array(
      z.object({
        name: z.string(),
        alsoBought: z.array(z.object({ name: z.string() })).nullable(),
        variants: z.object({
          nodes: z.array(
            z.object({
              sku: z.string(),
              name: z.string(),
              price: money,
              availability: z.object({ availableToPromise: z.number() }).nullable(),
            }),
          ),
        }),
      }),
    ),
  }),
})

export function search(text: string): Question<Searched> {
  return {
    document: `query DemoSearch($text: String!) {
      products(first: 5, filter: { text: $text }) {
        totalCount
        nodes {
          name
          alsoBought(first: 3) { name }
          variants(first: 6) { nodes { sku name price { amount currency } availability { availableToPromise } } }
        }
      }
    }`,
    variables: { text },
    answer: searched,
  }
}

export interface Carted {
  readonly cartCreate: {
    readonly cart: { readonly id: string; readonly total: Money; readonly tax: Money } | null
    readonly userErrors: Refusals
  }
}

const carted: z.ZodType<Carted> = z.object({
  cartCreate: z.object({
    cart: z.object({ id: z.string(), total: money, tax: money }).nullable(),
    userErrors,
  }),
})

export function createCart(sku: string, quantity: number): Question<Carted> {
  return {
    document: `mutation DemoCart($lines: [CartAddLine!]) {
      cartCreate(input: { lines: $lines }) {
        cart { id total { amount currency } tax { amount currency } }
        userErrors { code message }
      }
    }`,
    variables: { lines: [{ sku, quantity }] },
    answer: carted,
  }
}

export interface Placed {
  readonly id: string
  readonly orderId: string
  readonly orderNumber: string
  readonly status: string
}

export interface CheckedOut {
  readonly checkoutSubmit: { readonly order: Placed | null; readonly userErrors: Refusals }
}

const checkedOut: z.ZodType<CheckedOut> = z.object({
  checkoutSubmit: z.object({
    order: z
      .object({ id: z.string(), orderId: z.string(), orderNumber: z.string(), status: z.string() })
      .nullable(),
    userErrors,
  }),
})

export function checkout(cartId: string, key: string): Question<CheckedOut> {
  return {
    document: `mutation DemoCheckout($input: CheckoutSubmitInput!, $key: String!) @idempotent(key: $key) {
      checkoutSubmit(input: $input) {
        order { id orderId orderNumber status }
        userErrors { code message }
      }
    }`,
    variables: {
      key,
      input: {
        cartId,
        email: 'ada@example.test',
        paymentToken: 'tok_visa',
        delivery: {
          method: 'DELIVERY',
          address: {
            name: 'Ada Conti',
            line1: 'Via Dante 7',
            postalCode: '20121',
            city: 'Milan',
            country: 'IT',
          },
        },
      },
    },
    answer: checkedOut,
  }
}
