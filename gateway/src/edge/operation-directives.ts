import { ok, type Result } from '@stoa/platform/result'
import { type GraphQLSchema, getDirectiveValues, type OperationDefinitionNode } from 'graphql'
import type { MarketChoice } from '../options.ts'
import { quote } from '../quote.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { remembered } from './remembered.ts'

/** SDL of what the gateway itself understands in an operation, and takes off it before planning. */
export function edgeDirectives({ markets, idempotency }: OfferedDirectives): string {
  return [...(markets ? [IN_CONTEXT] : []), ...(idempotency ? [IDEMPOTENT] : []), DEFER].join('\n')
}

export interface OfferedDirectives {
  readonly markets: boolean
  /** Whether a subgraph can be told of a key. */
  readonly idempotency: boolean
}

const DEFER = `
"What is in the fragment may come later than the rest of the answer, to clients that take it in parts (multipart/mixed)."
directive @defer(
  "Whether it may. When it may not, the fragment is one like others."
  if: Boolean! = true
  "To tell by which fragment has come."
  label: String
) on FRAGMENT_SPREAD | INLINE_FRAGMENT`

const IN_CONTEXT = `
"For which market and in which language the operation is answered. Without it: the default market, in its language."
directive @inContext(
  "ISO 3166-1 alpha-2 code of a market."
  market: String
  "BCP 47 language tag. Default: the market's own language."
  language: String
) on QUERY | MUTATION | SUBSCRIPTION`

const IDEMPOTENT = `
"The same key with the same mutation is carried out once, however often it is sent. The header Idempotency-Key says the same."
directive @idempotent(
  "1 to 200 visible ASCII characters, made by the caller and kept until it has the answer."
  key: String!
) on MUTATION`

export interface OperationContext {
  readonly market: string
  readonly language: string
  /** Of `@idempotent`, as it came. */
  readonly idempotencyKey: string | undefined
}

export interface ContextRules {
  readonly schema: GraphQLSchema
  readonly markets: readonly MarketChoice[]
  readonly defaultMarket: string | undefined
}

export interface ContextSources {
  readonly operation: OperationDefinitionNode
  /** Coerced. */
  readonly variables: Readonly<Record<string, unknown>>
}

/** What the operation itself says; the same for whoever sends it. */
export function readOperationContext(
  sources: ContextSources,
  rules: ContextRules,
): Result<OperationContext, Refusal> {
  const place = readPlace(argumentsOf('inContext', sources, rules.schema), rules)
  if (!place.ok) return place
  const { key } = argumentsOf('idempotent', sources, rules.schema)
  return ok({ ...place.value, idempotencyKey: typeof key === 'string' ? key : undefined })
}

function argumentsOf(
  name: string,
  { operation, variables }: ContextSources,
  schema: GraphQLSchema,
): Readonly<Record<string, unknown>> {
  if (!operation.directives?.length) return {}
  const directive = schema.getDirective(name)
  return (directive && getDirectiveValues(directive, operation, variables)) ?? {}
}

function readPlace(
  given: Readonly<Record<string, unknown>>,
  { markets, defaultMarket = markets[0]?.code ?? '' }: ContextRules,
): Result<{ market: string; language: string }, Refusal> {
  const code = given['market'] ?? defaultMarket
  const market = markets.find((choice) => choice.code === code)
  if (!market && markets.length > 0) {
    const known = markets.map((choice) => choice.code)
    return refuse(
      'MARKET_UNKNOWN',
      `Expected a market among ${known.join(', ')}, got ${quote(String(code))}. Change @inContext(market:).`,
      { known },
    )
  }
  const tag = given['language'] ?? market?.language ?? 'en'
  const language = canonicalLanguage(tag)
  if (language === undefined)
    return refuse(
      'LANGUAGE_INVALID',
      `Expected a BCP 47 language tag such as "it" or "de-CH" in @inContext(language:), got ${quote(String(tag))}.`,
    )
  return ok({ market: market?.code ?? '', language })
}

function canonicalLanguage(tag: unknown): string | undefined {
  // The longest tag in use is far shorter; checking costs time with the length.
  return typeof tag !== 'string' || tag.length > 35 ? undefined : canonicalTag(tag)
}

const canonicalTag = remembered((tag: string): string | undefined => {
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    // A RangeError is how Intl says that it is no tag.
    return undefined
  }
})

/** Where no subgraph is told of keys: a caller that relies on one must know. */
export function refuseIdempotency(): ReturnType<typeof refuse> {
  return refuse(
    'IDEMPOTENCY_KEY_UNSUPPORTED',
    'Expected no idempotency key: this gateway tells its subgraphs of none. Leave out @idempotent(key:) and the header Idempotency-Key, and do not send the mutation again by yourself.',
  )
}

/** The key of `@idempotent` or of the header, when it can be one. */
export function chooseIdempotencyKey(
  key: string | undefined,
  inHeader: string | undefined,
): Result<string | undefined, Refusal> {
  if (key !== undefined && inHeader !== undefined && key !== inHeader)
    return refuse(
      'IDEMPOTENCY_KEY_CONFLICT',
      'The header Idempotency-Key and @idempotent(key:) differ. Send one of them.',
    )
  const chosen = key ?? inHeader
  if (chosen !== undefined && !VISIBLE.test(chosen))
    return refuse(
      'IDEMPOTENCY_KEY_INVALID',
      `Expected an idempotency key of 1 to 200 visible ASCII characters, got ${chosen.length}: ${quote(chosen)}.`,
    )
  return ok(chosen)
}

const VISIBLE = /^[\x21-\x7e]{1,200}$/
