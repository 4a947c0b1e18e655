import { Kind, type TypeNode } from 'graphql'

/** The name of a type inside its lists and exclamation marks. */
export function namedType(type: TypeNode | undefined): string | undefined {
  let named = type
  while (named && named.kind !== Kind.NAMED_TYPE) named = named.type
  return named?.name.value
}
