import { z } from 'zod'
import type { Question } from '../shop-client.ts'

/** What the demo asks, and the shape it expects. @NOTE budget: each document stands beside its shape. */

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

export interface Followed {
  readonly status: string
  readonly timeline: readonly { readonly type: string; readonly at: string; readonly text: string }[]
  readonly payments: readonly { readonly status: string }[]
  readonly shipments: readonly {
    readonly carrier: string | null
    readonly trackingNumber: string | null
    readonly location: { readonly name: string | null } | null
  }[]
}

const followed: z.ZodType<{ readonly order: Followed }> = z.object({
  order: z.object({
    status: z.string(),
    timeline: z.array(z.object({ type: z.string(), at: z.string(), text: z.string() })),
    payments: z.array(z.object({ status: z.string() })),
    shipments: z.array(
      z.object({
        carrier: z.string().nullable(),
        trackingNumber: z.string().nullable(),
        location: z.object({ name: z.string().nullable() }).nullable(),
      }),
    ),
  }),
})

export function follow(id: string): Question<{ readonly order: Followed }> {
  return {
    document: `query DemoOrder($id: ID!) {
      order(id: $id) {
        status
        timeline { type at text }
        payments { status }
        shipments { carrier trackingNumber location { name } }
      }
    }`,
    variables: { id },
    answer: followed,
  }
}

export interface Stocked {
  readonly variant: { readonly availability: { readonly availableToPromise: number } }
}

const stocked: z.ZodType<Stocked> = z.object({
  variant: z.object({ availability: z.object({ availableToPromise: z.number() }) }),
})

export function stock(sku: string): Question<Stocked> {
  return {
    document: 'query DemoStock($sku: String!) { variant(sku: $sku) { availability { availableToPromise } } }',
    variables: { sku },
    answer: stocked,
  }
}
