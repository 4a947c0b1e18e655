import type { FaultCode } from './fault.ts'

/** What the first process sends to a worker. */
export type ToWorker<Told> =
  | { readonly type: 'ask'; readonly told: Told }
  | { readonly type: 'tell'; readonly told: Told }
  | { readonly type: 'stop' }

/** What a worker answers when it was asked. */
export type FromWorker<Facts> =
  | { readonly type: 'done'; readonly facts: Facts }
  | { readonly type: 'failed'; readonly code: FaultCode; readonly message: string }

/** Both ends are one program of one version, started by one another: a message is what its type says. */
export function readMessage<M extends ToWorker<unknown> | FromWorker<unknown>>(message: unknown): M {
  return message as M
}
