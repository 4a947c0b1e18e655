import type { Err } from '@stoa/platform/result'
import { quote } from '../quote.ts'
import { type Refusal, refuse } from '../refusal.ts'
import type { AnswerType } from './media-type.ts'
import { remembered } from './remembered.ts'

/** What a caller takes, of what can be sent here. */
export interface Accepted {
  /** How a whole answer is labelled, the better one first; undefined when it takes neither. */
  readonly type: AnswerType | undefined
  /** Whether it takes server-sent events, besides whatever else. */
  readonly events: boolean
  /**
   * Whether it takes an answer in parts, in the one form that is spoken here: `multipart/mixed`, alone or with
   * `incrementalSpec=v0.2`, and not liked less than JSON. `deferSpec=20220824` is an older form.
   */
  readonly parts: boolean
}

/** Of the header `Accept` (RFC 9110, 12.5.1); whoever does not say takes JSON. */
export function readAccept(accept: string | undefined): Accepted {
  return accept === undefined ? UNSAID : read(accept)
}

const UNSAID: Accepted = { type: 'application/json', events: false, parts: false }

const read = remembered((accept: string): Accepted => {
  if (accept.trim() === '') return UNSAID
  const ranges = accept.split(',').slice(0, MOST_RANGES).map(readRange)
  return { type: bestOf(ranges), events: ranges.some(isEvents), parts: likesParts(ranges) }
})

const MOST_RANGES = 20

interface Range {
  readonly name: string
  readonly given: ReadonlyMap<string, string>
  /** 0 says: not that. */
  readonly quality: number
}

function readRange(range: string): Range {
  const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
  const given = new Map(parameters.map(readParameter))
  const quality = Number(given.get('q') ?? 1)
  return { name, given, quality: Number.isFinite(quality) ? quality : 0 }
}

function readParameter(text: string): readonly [string, string] {
  const [name = '', value = ''] = text.split('=').map((part) => part.trim())
  return [name, value.replaceAll('"', '')]
}

function bestOf(ranges: readonly Range[]): AnswerType | undefined {
  const names = new Set(ranges.map(({ name }) => name))
  let best: { readonly type: AnswerType; readonly quality: number } | undefined
  for (const { name, quality } of ranges) {
    const type = ANSWERS.find((answer) => matches(name, answer, names))
    if (type && quality > (best?.quality ?? 0)) best = { type, quality }
  }
  return best?.type
}

const ANSWERS = ['application/json', 'application/graphql-response+json'] as const

/** A range that says more of a type counts, wherever it stands. */
function matches(range: string, type: AnswerType, named: ReadonlySet<string>): boolean {
  if (range === type) return true
  if (named.has(type)) return false
  return range === 'application/*' || (range === '*/*' && !named.has('application/*'))
}

function isEvents({ name, quality }: Range): boolean {
  return name === 'text/event-stream' && quality > 0
}

function likesParts(ranges: readonly Range[]): boolean {
  const parts = ranges.find(({ name, given }) => name === 'multipart/mixed' && isSpoken(given))
  const json = ranges.filter(({ name }) => JSON_RANGES.has(name))
  return parts !== undefined && parts.quality > 0 && json.every(({ quality }) => quality <= parts.quality)
}

const JSON_RANGES: ReadonlySet<string> = new Set([...ANSWERS, 'application/*', '*/*'])

function isSpoken(given: Range['given']): boolean {
  return !given.has('deferspec') && (given.get('incrementalspec') ?? INCREMENTAL_SPEC) === INCREMENTAL_SPEC
}

/** The form of answers in parts. */
export const INCREMENTAL_SPEC = 'v0.2'

export function refuseAccept(accept: string | undefined): Err<Refusal> {
  return refuse(
    'NOT_ACCEPTABLE',
    `Expected an Accept header that allows application/graphql-response+json, application/json, text/event-stream or multipart/mixed;incrementalSpec=${INCREMENTAL_SPEC}, got ${quote(accept ?? '')}.`,
  )
}
