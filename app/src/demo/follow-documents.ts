import { z } from 'zod'
import type { Question } from '../shop-client.ts'

/** What is asked while an order travels, each document beside the shape it expects. */

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
