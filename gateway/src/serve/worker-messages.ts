import type { FaultCode } from '@stoa/platform/fault'
import type { ServiceFacts } from './service.ts'

/** What the first process tells a worker. */
export type ToWorker =
  | { readonly type: 'open'; readonly supergraph: string }
  | { readonly type: 'take'; readonly supergraph: string }
  | { readonly type: 'refuse'; readonly digest: string }
  | { readonly type: 'stop' }

/** What a worker tells the first process; `took` and `failed` answer `take`. */
export type FromWorker =
  | { readonly type: 'ready'; readonly facts: ServiceFacts }
  | { readonly type: 'took'; readonly facts: ServiceFacts }
  | { readonly type: 'failed'; readonly code: FaultCode; readonly message: string }

/** Both ends are one program of one version, started by one another: a message is what its type says. */
export function readMessage<M extends ToWorker | FromWorker>(message: unknown): M {
  return message as M
}
