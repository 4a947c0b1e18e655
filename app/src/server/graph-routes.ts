import type { Gateway } from '@stoa/gateway/gateway'
import { type Handler, type Routes, sendProblem } from './router.ts'

/** `/graphql` and the path form of a trusted document, `/graphql/sha256:<hex>/<OperationName>`. */
export function graphRoutes(current: () => { readonly gateway: Gateway } | undefined): Routes {
  const handle: Handler = async (request, response) => {
    const state = current()
    if (!state) return starting(response)
    await state.gateway.handle(request, response)
  }
  return { '* /graphql': handle, '* /graphql/*': handle }
}

function starting(response: Parameters<Handler>[1]): void {
  response.setHeader('retry-after', '1')
  sendProblem(response, 503, {
    code: 'OVERLOADED',
    message: 'The shop is starting or stopping. Ask again in a moment.',
  })
}
