import type { Worker } from '@stoa/platform/worker'
import type { ServiceFacts } from './service.ts'

/** What the first process tells a worker; the first thing is `take`. */
export type Told =
  | { readonly type: 'take'; readonly supergraph: string }
  | { readonly type: 'refuse'; readonly digest: string }

/** It answers with what it serves. */
export type ServiceWorker = Worker<Told, ServiceFacts>
