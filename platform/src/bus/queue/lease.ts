import type { Lease } from '../bus-log.ts'
import { type Item, number } from '../eventbridge/items.ts'
import { bookKey, homeOfConsumer, SETTLED } from './items.ts'

/** An item of DynamoDB holds 400 KB; a position has at most 17 bytes there. What is left out is told again. */
const SETTLED_AT_ONCE = 10_000
const SETTLED_ITEMS = 5

export const CLAIM_NAMES: Record<string, string> = {
  '#owner': 'owner',
  '#expires': 'expires',
  '#fence': 'fence',
  '#swept': 'swept',
  '#pattern': 'pattern',
  '#imported': 'imported',
}

/** Takes a consumer over, or makes it. */
export const CLAIM: string =
  'SET #owner = :owner, #expires = :expires, #fence = if_not_exists(#fence, :zero) + :one, ' +
  '#swept = if_not_exists(#swept, :start), #pattern = :pattern, #imported = :imported'

/** The condition under which an owner may write. */
export function holds({ owner, fence }: Lease): Held {
  return {
    ConditionExpression: '#owner = :owner AND #fence = :fence',
    ExpressionAttributeNames: { '#owner': 'owner', '#fence': 'fence' },
    ExpressionAttributeValues: { ':owner': { S: owner }, ':fence': number(fence) },
  }
}

export function settledItems(consumer: string, settled: readonly number[]): readonly Item[] {
  const items: Item[] = []
  for (let i = 0; i < settled.length && items.length < SETTLED_ITEMS; i += SETTLED_AT_ONCE) {
    const positions = settled.slice(i, i + SETTLED_AT_ONCE).map(String)
    const key = bookKey(homeOfConsumer(consumer), `${SETTLED}${items.length}`)
    items.push({ ...key, positions: { NS: positions } })
  }
  return items
}

interface Held {
  readonly ConditionExpression: string
  readonly ExpressionAttributeNames: Record<string, string>
  readonly ExpressionAttributeValues: Item
}
