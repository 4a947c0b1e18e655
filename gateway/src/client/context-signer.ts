import type { Clock } from '@stoa/platform/clock'
import type { RequestContext } from '@stoa/platform/subgraph'

/** The context token for a body of one character for each byte. */
export type SignBody = (body: string, context: RequestContext) => Promise<string>

export interface SignerOptions {
  /** Of the subgraph: a token for one opens no other. */
  readonly name: string
  readonly secret: string
  readonly clock: Clock
}

export function createContextSigner({ name, secret, clock }: SignerOptions): SignBody {
  // Loaded with the first call, once: nobody waits for it at start.
  let loading: Promise<typeof import('@stoa/platform/context-token')> | undefined
  return async (body, context) => {
    loading ??= import('@stoa/platform/context-token')
    const { bodySha256, signContext } = await loading
    return await signContext(context, {
      secret,
      clock,
      audience: name,
      bodySha256: bodySha256(Buffer.from(body, 'latin1')),
    })
  }
}
