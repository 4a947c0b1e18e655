import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql'

/** Resolvers for what shared.graphql declares; `createSubgraph` puts them before a subgraph's own. */
export const sharedResolvers: SharedResolvers = {
  BigInt: new GraphQLScalarType<bigint, string>({
    name: 'BigInt',
    serialize: (value) => parseBigInt(value).toString(),
    parseValue: parseBigInt,
    parseLiteral: (node) => parseBigInt(numberOrString(node)),
  }),
  Decimal: new GraphQLScalarType<string, string>({
    name: 'Decimal',
    serialize: parseDecimal,
    parseValue: parseDecimal,
    parseLiteral: (node) => parseDecimal(numberOrString(node)),
  }),
  DateTime: new GraphQLScalarType<number, string>({
    name: 'DateTime',
    serialize: (value) => new Date(typeof value === 'number' ? value : parseDateTime(value)).toISOString(),
    parseValue: parseDateTime,
    parseLiteral: (node) => parseDateTime(numberOrString(node)),
  }),
  UserError: { __resolveType: (error) => error.__typename ?? 'SimpleUserError' },
}

export interface SharedResolvers {
  /** In: string, whole number or bigint. Resolvers get a bigint. */
  readonly BigInt: GraphQLScalarType<bigint, string>
  /** In and out: a string like "12.50"; never a float. */
  readonly Decimal: GraphQLScalarType<string, string>
  /** Resolvers give and get epoch milliseconds; clients see RFC 3339 in UTC. */
  readonly DateTime: GraphQLScalarType<number, string>
  readonly UserError: { readonly __resolveType: (error: { readonly __typename?: string }) => string }
}

const MAX_DIGITS = 100

function parseBigInt(value: unknown): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value)
  if (typeof value === 'string' && value.length <= MAX_DIGITS && /^-?\d+$/.test(value)) return BigInt(value)
  throw bad('BigInt', 'a whole number such as "1999"', value)
}

function parseDecimal(value: unknown): string {
  if (typeof value === 'string' && value.length <= MAX_DIGITS && /^-?\d+(\.\d+)?$/.test(value)) return value
  throw bad('Decimal', 'a string such as "19.99"', value)
}

// RFC 3339 with a zone; Date.parse alone would take "2026" and local times too.
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/

function parseDateTime(value: unknown): number {
  const time = typeof value === 'string' && DATE_TIME.test(value) ? Date.parse(value) : Number.NaN
  if (!Number.isNaN(time)) return time
  throw bad('DateTime', 'a point in time such as "2026-11-21T09:30:00Z"', value)
}

function numberOrString(node: ValueNode): unknown {
  switch (node.kind) {
    case Kind.STRING:
    case Kind.INT:
    case Kind.FLOAT:
      return node.value
    default:
      return node.kind
  }
}

function bad(scalar: string, expected: string, value: unknown): GraphQLError {
  const got = typeof value === 'bigint' ? value.toString() : JSON.stringify(value)
  return new GraphQLError(`${scalar}: expected ${expected}, got ${got?.slice(0, MAX_DIGITS)}.`)
}
