import { Fault } from '@stoa/platform/fault'
import { z } from 'zod'

/** A head in three lines: asks the graph over HTTP, as anybody would. */
export interface ShopClient {
  /** The `data` of the answer, checked against a shape; any GraphQL error is a fault. */
  ask<T>(question: Question<T>): Promise<T>
}

export interface Question<T> {
  readonly document: string
  readonly variables?: Readonly<Record<string, unknown>>
  readonly answer: z.ZodType<T>
  readonly headers?: Readonly<Record<string, string>>
}

const envelope = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }) })).optional(),
})
const TIMEOUT_MS = 10_000

export function createShopClient(url: string, headers: Readonly<Record<string, string>> = {}): ShopClient {
  return {
    async ask(question) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers, ...question.headers },
        body: JSON.stringify({ query: question.document, variables: question.variables ?? {} }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      const { data, errors } = envelope.parse(await response.json())
      if (errors) throw new Fault('BAD_REQUEST', errors.map(describe).join('; '))
      const parsed = question.answer.safeParse(data)
      if (!parsed.success)
        throw new Fault('UPSTREAM_INVALID', `Unexpected answer: ${z.prettifyError(parsed.error)}`)
      return parsed.data
    },
  }
}

function describe({ message, extensions }: { message: string; extensions: { code: string } }): string {
  return `${extensions.code}: ${message}`
}
