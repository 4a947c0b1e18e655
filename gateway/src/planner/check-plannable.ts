import { Fault } from '@stoa/platform/fault'
import { type DocumentNode, visit } from 'graphql'

/**
 * Throws BAD_SCHEMA for a supergraph with what no plan would do right: arguments filled from a context
 * (`@fromContext`), which the planner leaves out of sub-requests without a word.
 */
export function checkPlannable(supergraph: DocumentNode): void {
  const filled: string[] = []
  visit(supergraph, {
    ObjectTypeDefinition(type) {
      for (const { name, directives = [] } of type.fields ?? [])
        if (directives.some((directive) => directive.arguments?.some(isContext)))
          filled.push(`${type.name.value}.${name.value}`)
      return false
    },
  })
  if (filled.length === 0) return
  throw new Fault(
    'BAD_SCHEMA',
    `The supergraph fills arguments from a context (@fromContext), which is not supported: ${filled.join(', ')}. ` +
      'Let these fields name what they need by @requires, or take it as an ordinary argument.',
  )
}

function isContext({ name }: { readonly name: { readonly value: string } }): boolean {
  return name.value === 'contextArguments'
}
