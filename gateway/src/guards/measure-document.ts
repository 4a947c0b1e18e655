import { ok, type Result } from '@stoa/platform/result'
import { type DocumentNode, type FieldNode, Kind, type SelectionSetNode } from 'graphql'
import type { GatewayErrorCode } from '../error-codes.ts'
import type { DocumentLimits } from '../limits.ts'
import { type Refusal, refuseLimit } from '../refusal.ts'
import { fieldsInPlace, responseKey } from './fields-in-place.ts'
import { expandedSize, type Fragments, fragmentsOf } from './fragment-size.ts'

/**
 * Refuses a parsed document that would cost too much to validate, plan or answer. The expanded size is checked
 * first; only what is within it is walked, so the walk is bounded too. Circular fragments pass: validation names them.
 */
export function measureDocument(document: DocumentNode, limits: DocumentLimits): Result<void, Refusal> {
  const fragments = fragmentsOf(document)
  const size = expandedSize(document, fragments)
  if (size === 'circular') return ok(undefined)
  if (size > limits.selections)
    return refuseLimit('TOO_MANY_SELECTIONS', 'Selections with fragments expanded', {
      limit: limits.selections,
      got: size,
    })
  const sets: SelectionSetNode[] = []
  for (const node of document.definitions)
    if (node.kind === Kind.OPERATION_DEFINITION) sets.push(node.selectionSet)
  const tally: Tally = { limits, fragments, aliases: 0 }
  for (const set of sets) {
    const refused = measureLevel(tally, [set], 1)
    if (refused) return refuseLimit(...refused)
  }
  return ok(undefined)
}

interface Tally {
  readonly limits: DocumentLimits
  readonly fragments: Fragments
  aliases: number
}

type Exceeds = [code: GatewayErrorCode, what: string, exceeded: { limit: number; got: number }]

/** One place in the answer: every selection set that adds fields to it, then the places below. */
function measureLevel(tally: Tally, sets: readonly SelectionSetNode[], depth: number): Exceeds | undefined {
  const { limits } = tally
  if (depth > limits.depth) return ['TOO_DEEP', 'Fields inside fields', { limit: limits.depth, got: depth }]
  const byKey = groupFields(tally, sets)
  if (tally.aliases > limits.aliases)
    return ['TOO_MANY_ALIASES', 'Aliases', { limit: limits.aliases, got: tally.aliases }]
  if (depth === 1 && byKey.size > limits.rootFields)
    return ['TOO_MANY_ROOT_FIELDS', 'Fields at the root', { limit: limits.rootFields, got: byKey.size }]
  for (const [key, fields] of byKey) {
    if (fields.length > limits.repeats)
      return ['TOO_MANY_REPEATS', `"${key}" in one place`, { limit: limits.repeats, got: fields.length }]
    const below = fields.flatMap((field) => field.selectionSet ?? [])
    const refused = below.length > 0 && measureLevel(tally, below, depth + 1)
    if (refused) return refused
  }
  return undefined
}

function groupFields(
  tally: Tally,
  sets: readonly SelectionSetNode[],
): ReadonlyMap<string, readonly FieldNode[]> {
  const fields = fieldsInPlace(sets, tally.fragments)
  for (const field of fields) if (field.alias) tally.aliases += 1
  return Map.groupBy(fields, responseKey)
}
