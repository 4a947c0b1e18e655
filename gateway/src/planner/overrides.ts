import { type DocumentNode, Kind, visit } from 'graphql'
import { documentOf, type OperationParts } from './normalise-operation.ts'

/** Labels of `@override(from:, label:)` that one request has on. */
export interface ActiveOverrides {
  /** Named ones. */
  readonly labels: ReadonlySet<string>
  /** In [0, 100]: `percent(n)` is on when this is below n. */
  readonly percentage: number
}

/** For whom nothing is taken over that has a label. */
export const NO_OVERRIDES: ActiveOverrides = { labels: new Set(), percentage: 100 }

/** The labels that some field of a name has, on whichever type. */
export type LabelsByField = ReadonlyMap<string, ReadonlySet<string>>

/** Labels that the plan of one operation depends on. */
export interface TouchedLabels {
  readonly named: readonly string[]
  /** The n of each `percent(n)`. */
  readonly percents: readonly number[]
}

export function readOverrides(supergraph: DocumentNode): LabelsByField {
  const byField = new Map<string, Set<string>>()
  visit(supergraph, {
    FieldDefinition(field) {
      for (const { name, arguments: given } of field.directives ?? []) {
        if (name.value !== 'join__field') continue
        const label = given?.find((argument) => argument.name.value === 'overrideLabel')?.value
        if (label?.kind !== Kind.STRING) continue
        const labels = byField.get(field.name.value) ?? new Set()
        byField.set(field.name.value, labels.add(label.value))
      }
      return false
    },
  })
  return byField
}

/**
 * Undefined for operations of which every plan is the same. `required` are names of fields that the planner may ask
 * for by itself; what they lead to is counted, too, whether this operation needs it or not.
 */
export function touchedLabels(
  parts: OperationParts,
  byField: LabelsByField,
  required: Iterable<string>,
): TouchedLabels | undefined {
  if (byField.size === 0) return undefined
  const labels = new Set<string>()
  const touch = (name: string): void => {
    for (const label of byField.get(name) ?? []) labels.add(label)
  }
  visit(documentOf(parts), { Field: ({ name }) => touch(name.value) })
  for (const name of required) touch(name)
  if (labels.size === 0) return undefined
  const all = [...labels].sort().map((label) => ({ label, percent: percentOf(label) }))
  return {
    named: all.flatMap(({ label, percent }) => (percent === undefined ? [label] : [])),
    percents: all.flatMap(({ percent }) => percent ?? []),
  }
}

/** Equal for requests that have the same plan. */
export function overridesKey({ named, percents }: TouchedLabels, active: ActiveOverrides): string {
  const areOn = [
    ...named.map((label) => active.labels.has(label)),
    ...percents.map((percent) => active.percentage < percent),
  ]
  return areOn.map((isOn) => (isOn ? '1' : '0')).join('')
}

function percentOf(label: string): number | undefined {
  const [, digits] = /^percent\((\d+(?:\.\d+)?)\)$/.exec(label) ?? []
  return digits === undefined ? undefined : Number(digits)
}
