import {
  FragmentsOnCompositeTypesRule,
  KnownArgumentNamesRule,
  KnownDirectivesRule,
  KnownFragmentNamesRule,
  MaxIntrospectionDepthRule,
  NoFragmentCyclesRule,
  NoUndefinedVariablesRule,
  NoUnusedFragmentsRule,
  NoUnusedVariablesRule,
  PossibleFragmentSpreadsRule,
  SingleFieldSubscriptionsRule,
  specifiedRules,
  UniqueArgumentNamesRule,
  UniqueDirectivesPerLocationRule,
  UniqueFragmentNamesRule,
  UniqueInputFieldNamesRule,
  UniqueVariableNamesRule,
  type ValidationRule,
  ValuesOfCorrectTypeRule,
  VariablesAreInputTypesRule,
  VariablesInAllowedPositionRule,
} from 'graphql'
import { deferLabelsRule, deferPlacesRule } from './defer-rules.ts'

/**
 * The rules that a document could break. One about variables has nothing to look at where there is no `$`, and each
 * rule is asked about every node: without those that are beside the point, validation takes a third less. A sign that
 * stands in a string or a comment only costs the time of a rule.
 */
export function rulesFor(text: string): readonly ValidationRule[] {
  const absent = TOPICS.filter(({ signs }) => !signs.some((sign) => text.includes(sign)))
  const key = absent.map(({ signs }) => signs[0]).join(' ')
  const known = chosen.get(key)
  if (known) return known
  const beside = new Set(absent.flatMap(({ rules }) => rules))
  const rules = RULES.filter((rule) => !beside.has(rule))
  chosen.set(key, rules)
  return rules
}

/** Bounded: one for each subset of the topics. */
const chosen = new Map<string, readonly ValidationRule[]>()

/**
 * Without the library's rule of one root field for subscriptions, which throws where the field's condition is a
 * variable: it is checked when the conditions are decided.
 */
const RULES = [
  ...specifiedRules.filter((rule) => rule !== SingleFieldSubscriptionsRule),
  deferLabelsRule,
  deferPlacesRule,
]

/** What the grammar writes with none of these signs has none of what these rules look at. */
const TOPICS: readonly { readonly signs: readonly string[]; readonly rules: readonly ValidationRule[] }[] = [
  {
    signs: ['$'],
    rules: [
      NoUndefinedVariablesRule,
      NoUnusedVariablesRule,
      UniqueVariableNamesRule,
      VariablesAreInputTypesRule,
      VariablesInAllowedPositionRule,
    ],
  },
  { signs: ['defer'], rules: [deferLabelsRule, deferPlacesRule] },
  { signs: ['@'], rules: [KnownDirectivesRule, UniqueDirectivesPerLocationRule] },
  {
    signs: ['...', 'fragment'],
    rules: [
      FragmentsOnCompositeTypesRule,
      KnownFragmentNamesRule,
      NoFragmentCyclesRule,
      NoUnusedFragmentsRule,
      PossibleFragmentSpreadsRule,
      UniqueFragmentNamesRule,
    ],
  },
  {
    signs: ['('],
    rules: [
      KnownArgumentNamesRule,
      UniqueArgumentNamesRule,
      UniqueInputFieldNamesRule,
      ValuesOfCorrectTypeRule,
    ],
  },
  { signs: ['__'], rules: [MaxIntrospectionDepthRule] },
]
