import { parse } from 'graphql'
import { expandedSize, fragmentsOf } from '../guards/fragment-size.ts'

/** About what takes three milliseconds to plan: as much as the process may well be kept from everybody else. */
const MOST_SELECTIONS = 100

/** By its fields and spreads with fragments written out. */
export function isLarge(text: string): boolean {
  const document = parse(text, { noLocation: true })
  const size = expandedSize(document, fragmentsOf(document))
  return size === 'circular' || size > MOST_SELECTIONS
}
