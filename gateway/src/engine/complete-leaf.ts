import { type GraphQLLeafType, isEnumType } from 'graphql'

/** A leaf's value as it may be shown, or undefined when the type has no such value. */
export function completeLeaf(type: GraphQLLeafType, value: unknown): unknown {
  if (isEnumType(type)) return typeof value === 'string' && type.getValue(value) ? value : undefined
  const check = BUILT_IN[type.name]
  return check ? check(value) : value
}

const BUILT_IN: Readonly<Record<string, (value: unknown) => unknown>> = {
  Boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  Float: (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined),
  ID: (value) => {
    if (typeof value === 'string') return value
    return Number.isSafeInteger(value) ? String(value) : undefined
  },
  Int: (value) => (isInt32(value) ? value : undefined),
  String: (value) => (typeof value === 'string' ? value : undefined),
}

function isInt32(value: unknown): boolean {
  return typeof value === 'number' && (value | 0) === value
}
