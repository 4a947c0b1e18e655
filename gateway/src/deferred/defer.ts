import { type DirectiveNode, Kind, type SelectionSetNode } from 'graphql'
import { collectFields } from '../engine/collect-fields.ts'
import type { EngineParts, Executable, ExecutionRequest, PlannedOperation } from '../engine/engine.ts'
import type { PlanInParts } from './delivery.ts'
import { needsOf } from './needs.ts'
import { isSwitchedOn, readParts } from './read-parts.ts'
import { type DeferredAnswer, runInParts } from './run-in-parts.ts'
import { type Step, stepsOf } from './steps.ts'

/**
 * What an operation with `@defer` can do beside being run as a whole; undefined for one without. Which fragments are
 * deferred may depend on variables: each combination is worked out once. Answers undefined when none is, or when
 * nothing would come earlier for it.
 */
export function prepareDeferred(parts: EngineParts, planned: PlannedOperation): Executable['runInParts'] {
  const { deferral } = parts
  if (!deferral || deferral.most === 0) return undefined
  const names = deferVariables(planned)
  return names && deferredRuns({ ...parts, deferral }, planned, names)
}

type Parts = EngineParts & Required<Pick<EngineParts, 'deferral'>>

function deferredRuns(
  parts: Parts,
  planned: PlannedOperation,
  names: readonly string[],
): NonNullable<Executable['runInParts']> {
  const known = new Map<string, PlanInParts | undefined>()

  function planFor(variables: ExecutionRequest['variables']): PlanInParts | undefined {
    const key = names.map((name) => (isSwitchedOn(variables[name]) ? '1' : '0')).join('')
    if (known.has(key)) return known.get(key)
    const plan = planInParts(parts, planned, variables)
    const [oldest] = known.keys()
    if (known.size >= MOST_KNOWN && oldest !== undefined) known.delete(oldest)
    known.set(key, plan)
    return plan
  }

  return (request): Promise<DeferredAnswer> | undefined => {
    const plan = planFor(request.variables)
    return plan && runInParts(parts, { plan, most: parts.deferral.most }, request)
  }
}

const MOST_KNOWN = 16

/** Variables that decide what is deferred; undefined when nothing ever is. Every new operation pays for the look. */
function deferVariables({ operation, fragments }: PlannedOperation): readonly string[] | undefined {
  const defers = [operation, ...fragments.values()].flatMap(({ selectionSet }) => defersIn(selectionSet))
  return defers.length === 0 ? undefined : [...new Set(defers.flatMap(variableOf))]
}

function defersIn({ selections }: SelectionSetNode): readonly DirectiveNode[] {
  return selections.flatMap((node) => {
    const here = node.directives?.filter(({ name }) => name.value === 'defer') ?? []
    const below = node.kind !== Kind.FRAGMENT_SPREAD && node.selectionSet
    return below ? [...here, ...defersIn(below)] : here
  })
}

function variableOf({ arguments: given = [] }: DirectiveNode): readonly string[] {
  const value = given.find(({ name }) => name.value === 'if')?.value
  return value?.kind === Kind.VARIABLE ? [value.name.value] : []
}

export function planInParts(
  parts: Pick<Parts, 'schema' | 'possibleTypes' | 'deferral'>,
  planned: PlannedOperation,
  variables: ExecutionRequest['variables'],
): PlanInParts | undefined {
  const inParts = readParts(planned, variables)
  const { schema, possibleTypes: types, deferral } = parts
  const rootType = schema.getRootType(planned.operation.operation)
  if (inParts.parts.length === 1 || !rootType) return undefined
  const { operation } = inParts
  const needs = needsOf(inParts, rootType.name, types)
  const cutting = {
    parts: inParts.parts,
    needs,
    types,
    ownership: deferral.ownership,
    rootType: rootType.name,
  }
  const steps = stepsOf(planned.plans, cutting)
  if (!steps?.some(isLater) || steps.length > MOST_STEPS) return undefined
  const { shownKeys } = planned
  const collect = { fragments: NO_FRAGMENTS, types, variables: {}, shownKeys }
  return {
    ...inParts,
    planned: { ...planned, operation, fragments: NO_FRAGMENTS },
    rootType,
    collect,
    groups: collectFields(collect, [operation.selectionSet], rootType.name),
    steps,
  }
}

/** An operation that would need more sub-requests than this comes whole. */
const MOST_STEPS = 128

const NO_FRAGMENTS = new Map<string, never>()

function isLater({ mask }: Step): boolean {
  return (mask & 1n) === 0n
}
