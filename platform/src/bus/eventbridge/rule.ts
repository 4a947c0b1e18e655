import { createHash } from 'node:crypto'
import { engineFault } from '../../engine-fault.ts'
import type { EventPattern } from '../../event-pattern.ts'
import type { Json } from '../../json.ts'
import { OWN } from './message.ts'

/** What a bus can be asked for. */
export interface PatternLimits {
  /** In characters. */
  readonly maxLength: number
  readonly wildcards: boolean
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const CLASSIC: PatternLimits = { maxLength: 2048, wildcards: true }
const MAX_RULE_NAME = 64

/**
 * A consumer's pattern as EventBridge can match it: all it asks for, and perhaps a little more, which is dropped when
 * it comes. `id` and `time` are left out, as EventBridge gives an event an id of its own and cuts its milliseconds.
 */
export function rulePattern(pattern: EventPattern, limits: PatternLimits = CLASSIC): string {
  const { maxLength, wildcards } = limits
  const text = JSON.stringify(widened(pattern, { depth: 0, wildcards }) ?? EVERYTHING)
  if (text.length <= maxLength) return text
  const message = `The pattern has ${text.length} characters as a rule of EventBridge, which takes ${maxLength}. Ask for less, or for more at once by prefix.`
  throw engineFault('BAD_REQUEST', message, { engine: 'eventbridge', kind: 'pattern_too_long' })
}

/** A name for rule and queue, readable and different for every consumer. */
export function resourceName(bus: string, consumer: string): string {
  const digest = createHash('sha256').update(consumer).digest('hex').slice(0, 8)
  const readable = `${bus}-${consumer.replaceAll(/[^A-Za-z0-9_-]/g, '-')}`
  return `${readable.slice(0, MAX_RULE_NAME - digest.length - 1)}-${digest}`
}

const EVERYTHING = { source: [{ prefix: '' }] }

/** Where our view of an event and EventBridge's are not the same: by depth, as patterns nest. */
const DIFFERENT: readonly ReadonlySet<string>[] = [new Set(['id', 'time']), new Set([OWN])]

interface Widening {
  readonly depth: number
  readonly wildcards: boolean
}

/** Without those fields; undefined when nothing is left that must match. */
function widened(pattern: EventPattern, widening: Widening): EventPattern | undefined {
  const kept: [string, EventPattern[string]][] = []
  for (const [field, value] of Object.entries(pattern)) {
    if (DIFFERENT[widening.depth]?.has(field)) continue
    const wide = widenedField(field, value, widening)
    if (wide !== undefined) kept.push([field, wide])
  }
  return kept.length > 0 ? Object.fromEntries(kept) : undefined
}

function widenedField(
  field: string,
  value: EventPattern[string],
  widening: Widening,
): EventPattern[string] | undefined {
  const { depth, wildcards } = widening
  if (!isLeaf(value)) return widened(value, { depth: depth + 1, wildcards })
  if (field !== '$or' || !value.every(isBranch))
    return wildcards || !value.some(hasWildcard) ? value : undefined
  const branches = value.map((branch) => widened(branch, widening))
  // One branch that asks for nothing is fulfilled by everything.
  return branches.includes(undefined) ? undefined : branches.filter((branch) => branch !== undefined)
}

function hasWildcard(value: Json): boolean {
  if (!isPattern(value)) return false
  return 'wildcard' in value || Object.values(value).some(hasWildcard)
}

function isLeaf(value: EventPattern[string]): value is readonly Json[] {
  return Array.isArray(value)
}

/** `$or` over anything else is an ordinary field. */
function isBranch(value: Json): value is EventPattern & Json {
  return (
    isPattern(value) && Object.values(value).every((inner) => typeof inner === 'object' && inner !== null)
  )
}

function isPattern(value: unknown): value is EventPattern {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
