import { hash } from 'node:crypto'
import type { Principal } from '@stoa/platform/subgraph'
import type { Caller } from './access/access.ts'
import type { VariantOrRefusal } from './documents/plan-variant.ts'
import type { ReadyRequest } from './documents/ready-request.ts'
import type { Pipeline } from './pipeline.ts'
import type { ActiveOverrides } from './planner/overrides.ts'

/** The plan for one request: for those of `@override(label:)` that are on for whoever sends it. */
export function planForRequest(
  { pipeline, caller }: { readonly pipeline: Pipeline; readonly caller: Caller },
  { operation, variables }: Pick<ReadyRequest, 'operation' | 'variables'>,
): VariantOrRefusal | Promise<VariantOrRefusal> {
  const { labels } = operation
  if (!labels) return operation.planFor(variables)
  const { principal } = caller
  const { overrideLabels } = pipeline.options
  const active: ActiveOverrides = {
    labels: new Set(labels.named.length > 0 ? overrideLabels?.({ principal, labels: labels.named }) : []),
    percentage: labels.percents.length > 0 ? percentageOf(principal, pipeline.random) : 100,
  }
  return operation.planFor(variables, active)
}

const STEPS = 2 ** 32

/** In [0, 100). Somebody with a name is always in the same half; everybody else is in either by chance. */
function percentageOf(principal: Principal, random: Pipeline['random']): number {
  const name = nameOf(principal)
  if (name === undefined) return random.next() * 100
  return (Number.parseInt(hash('sha256', `${principal.kind} ${name}`).slice(0, 8), 16) / STEPS) * 100
}

function nameOf(principal: Principal): string | undefined {
  switch (principal.kind) {
    case 'anonymous':
      return undefined
    case 'customer':
      return principal.customerId
    case 'operator':
      return principal.operatorId
    case 'kiosk':
      return principal.deviceId
    case 'partner':
      return principal.partnerId
  }
}
