import type { Json } from './json.ts'

/** An event pattern as EventBridge writes it: leaves are arrays, any element may match, all fields must. */
export interface EventPattern {
  readonly [field: string]: readonly Json[] | EventPattern
}
