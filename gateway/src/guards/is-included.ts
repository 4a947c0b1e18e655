import { type DirectiveNode, Kind } from 'graphql'

/** What `@skip` and `@include` say of a selection, given coerced variables. Their only argument is `if`. */
export function isIncluded(
  directives: readonly DirectiveNode[] | undefined,
  variables: Readonly<Record<string, unknown>>,
): boolean {
  return (directives ?? []).every((directive) => {
    const name = directive.name.value
    if (name === 'skip') return !isTrue(directive, variables)
    return name !== 'include' || isTrue(directive, variables)
  })
}

function isTrue(directive: DirectiveNode, variables: Readonly<Record<string, unknown>>): boolean {
  const value = directive.arguments?.[0]?.value
  if (value?.kind === Kind.VARIABLE) return variables[value.name.value] === true
  return value?.kind === Kind.BOOLEAN && value.value
}
