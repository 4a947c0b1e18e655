import type { QueryPlan } from '@graphql-hive/router-query-planner'
import { createMemoryRateBucket } from '@stoa/platform/rate-bucket.memory'
import type { GatewayOptions, SharedPlans } from '../../options.ts'
import { isLarge } from '../is-large.ts'
import type { LabelsByField } from '../overrides.ts'
import type { Planner } from '../planner.ts'
import type { PlannerProcess } from '../planner-process.ts'
import type { ReservedKeys } from '../reserved-keys.ts'
import { createKeys } from './plan-keys.ts'
import { createSeal } from './plan-seal.ts'
import { parsePlan } from './read-shared-plan.ts'

export interface SharePlansParts extends Pick<GatewayOptions, 'clock' | 'adHocDocuments'> {
  readonly shared: SharedPlans
  readonly supergraph: string
  readonly labels: LabelsByField
  readonly reservedKeys: ReservedKeys
}

/** So many documents may be new at once, and so many a second: a flood of them does not fill the cache. */
const WRITES = { capacity: 500, perSecond: 5 }

/**
 * Takes plans that another process made from the cache they share, and puts there what this one has to make. Whoever
 * wants the same at the same time plans it, too: nobody waits for anybody.
 */
export function sharePlans(planner: PlannerProcess, parts: SharePlansParts): Planner {
  const { cache, secret } = parts.shared
  const seal = createSeal(secret)
  const keyOf = createKeys(seal, parts)
  const mayShare = parts.adHocDocuments === false ? () => true : isWithoutData
  const writes = createMemoryRateBucket({ limit: WRITES, clock: parts.clock })

  async function keep(key: string, made: QueryPlan): Promise<void> {
    const { allowed } = await writes.take('writes')
    if (allowed) await cache.set(key, seal.close(key, JSON.stringify(made)))
  }

  const plan: Planner['plan'] = async (document, overrides) => {
    const key = keyOf(document, overrides)
    // A process that waits for work plans a small document sooner than the cache would answer.
    const isDear = !planner.isIdle() || isLarge(document)
    const known = isDear && (await cache.get(key, (sealed) => parsePlan(seal.open(key, sealed))))
    if (known) return known
    const made = await planner.plan(document, overrides)
    void keep(key, made)
    return made
  }

  return {
    plan: (document, overrides) =>
      mayShare(document) ? plan(document, overrides) : planner.plan(document, overrides),
    retire: planner.retire,
  }
}

/** No text and no longer number is written out: a client may have put a customer's into a document of its own. */
function isWithoutData(document: string): boolean {
  return !/"|\b\d{4,}/.test(document)
}
