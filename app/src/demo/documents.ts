import { z } from 'zod'
import type { Question } from '../shop-client.ts'

/** What the demo asks, and the shape it expects. */

const money = z.object({ amount: z.string(), currency: z.string() })
const userErrors = z.array(z.object({ code: z.string(), message: z.string() }))

const searched = z.object({
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
export type Found = z.infer<typeof searched>['products']['nodes'][number]

export function search(text: string): Question<z.infer<typeof searched>> {
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

const carted = z.object({
  cartCreate: z.object({ cart: z.object({ id: z.string(), total: money, tax: money }).nullable(), userErrors }),
})

export function createCart(sku: string, quantity: number): Question<z.infer<typeof carted>> {
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

const checkedOut = z.object({
  checkoutSubmit: z.object({
    order: z.object({ id: z.string(), orderId: z.string(), orderNumber: z.string(), status: z.string() }).nullable(),
    userErrors,
  }),
})

export function checkout(cartId: string, key: string): Question<z.infer<typeof checkedOut>> {
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
          address: { name: 'Ada Conti', line1: 'Via Dante 7', postalCode: '20121', city: 'Milan', country: 'IT' },
        },
      },
    },
    answer: checkedOut,
  }
}

const followed = z.object({
  order: z.object({
    status: z.string(),
    timeline: z.array(z.object({ type: z.string(), at: z.string(), text: z.string() })),
    payments: z.array(z.object({ status: z.string() })),
    shipments: z.array(
      z.object({ carrier: z.string().nullable(), trackingNumber: z.string().nullable(), location: z.object({ name: z.string().nullable() }).nullable() }),
    ),
  }),
})
export type Followed = z.infer<typeof followed>['order']

export function follow(id: string): Question<z.infer<typeof followed>> {
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

const stocked = z.object({
  variant: z.object({ availability: z.object({ availableToPromise: z.number() }) }),
})

export function stock(sku: string): Question<z.infer<typeof stocked>> {
  return {
    document: 'query DemoStock($sku: String!) { variant(sku: $sku) { availability { availableToPromise } } }',
    variables: { sku },
    answer: stocked,
  }
}
