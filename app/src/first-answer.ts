import { Fault } from '@stoa/platform/fault'
import { z } from 'zod'

const answer = z.object({
  data: z.object({ products: z.object({ nodes: z.array(z.object({ id: z.string(), name: z.string() })) }) }),
})

/** Asks the README's first query over the real connection; a shop that cannot answer it is not ready. */
export async function firstAnswer(url: string): Promise<void> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ products(first: 2) { nodes { id name } } }' }),
    signal: AbortSignal.timeout(10_000),
  })
  const body: unknown = await response.json()
  const parsed = answer.safeParse(body)
  if (!parsed.success) {
    throw new Fault(
      'INTERNAL',
      `The first query failed: expected products, got ${JSON.stringify(body).slice(0, 500)}`,
    )
  }
}
