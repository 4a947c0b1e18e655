import {
  type GraphQLEnumType,
  type GraphQLLeafType,
  type GraphQLOutputType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql'

/**
 * Code that passes over a value of this type at `p`, throwing for one that a client must not see as it stands. `object`
 * gives the call for an object.
 */
export function emitValue(type: GraphQLOutputType, object: (type: GraphQLOutputType) => string): string {
  if (isNonNullType(type)) return emitPresent(type.ofType, object)
  return `if (b[p] === 110) p = skipNull(b, p); else { ${emitPresent(type, object)} }`
}

function emitPresent(type: GraphQLOutputType, object: (type: GraphQLOutputType) => string): string {
  if (isListType(type)) return emitList(emitValue(type.ofType, object))
  return isLeafType(type) ? emitLeaf(type) : `p = ${object(type)};`
}

function emitList(item: string): string {
  return `if (b[p] !== 91) throw DEVIATION; p += 1; if (b[p] === 93) p += 1; else for (;;) { ${item} p += 1; if (b[p - 1] === 44) continue; if (b[p - 1] === 93) break; throw DEVIATION; }`
}

function emitLeaf(type: GraphQLLeafType): string {
  if (isEnumType(type)) return emitEnum(type)
  return `p = ${SKIP[type.name] ?? 'skipValue(b, p)'};`
}

/** An id that comes as a number would have to be put in quotes, so it deviates. */
const SKIP: Readonly<Record<string, string>> = {
  Boolean: 'skipBoolean(b, p)',
  Float: 'skipNumber(b, p)',
  ID: 'skipText(b, V, p)',
  Int: 'skipInt(b, p)',
  String: 'skipText(b, V, p)',
}

/** Only values that clients may see: hidden ones deviate. */
function emitEnum(type: GraphQLEnumType): string {
  const names = JSON.stringify(type.getValues().map(({ name }) => name))
  return `{ const q = skipString(b, p); if (!${names}.includes(kept(p + 1, q - 1))) throw DEVIATION; p = q; }`
}
