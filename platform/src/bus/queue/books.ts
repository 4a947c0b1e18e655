import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { Adopted, ClaimRequest, ConsumerChange, Lease } from '../bus-log.ts'
import { type Item, number } from '../eventbridge/items.ts'
import type { EventBridgeParts } from '../eventbridge/parts.ts'
import { queryItems } from '../eventbridge/query.ts'
import { changeWrites } from './changes.ts'
import {
  type ConsumerRow,
  consumerKey,
  homeOfConsumer,
  LETTER,
  padded,
  REPLAY,
  SETTLED,
  toConsumer,
  toLetter,
  toReplay,
  toWaiting,
  WAITING,
} from './items.ts'
import { CLAIM, CLAIM_NAMES, holds, settledItems } from './lease.ts'
import { updateItem, writeAll } from './writes.ts'

/** What the owner of a consumer writes down, each time on the condition that it still is the owner. */
export interface Books {
  /** Undefined while somebody else's lease holds. */
  claim(request: ClaimRequest, terms: ClaimTerms): Promise<Tenancy | undefined>
  /** Undefined when the lease is lost. */
  renew(
    lease: Lease,
    state: { readonly expiresAt: number; readonly swept: number },
  ): Promise<ConsumerRow | undefined>
  /** `settled` lists what lies beyond `swept` and is settled all the same. */
  release(lease: Lease, state: { readonly swept: number; readonly settled: readonly number[] }): Promise<void>
  /** False when the lease is lost: nothing of the change is written. */
  save(change: ConsumerChange, sequenceOf: (position: number) => Promise<number>): Promise<boolean>
  /** Everything that waits and every replay under way. */
  open(consumer: string): Promise<Adopted>
  /** The same for whoever only looks, with the positions beyond `swept` that are settled. */
  look(consumer: ConsumerRow): Promise<Adopted & Pick<Tenancy, 'settled'>>
}

export interface ClaimTerms {
  readonly expiresAt: number
  /** Where a consumer that was never seen before begins. */
  readonly start: number
}

export interface Tenancy extends Adopted {
  readonly lease: Lease
  readonly consumer: ConsumerRow
  /** Positions beyond `swept` that were settled by an earlier owner. */
  readonly settled: readonly number[]
}

/** A transaction has at most a hundred items; one is the lease. */
const WRITES_AT_ONCE = 99
const ALL = 1_000_000

export function createBooks(parts: EventBridgeParts): Books {
  const { names } = parts

  async function rows(consumer: string, from: string, to: string): Promise<readonly Item[]> {
    return await queryItems(parts, {
      TableName: names.books,
      KeyConditionExpression: 'home = :home AND sort BETWEEN :from AND :to',
      ExpressionAttributeValues: {
        ':home': { S: homeOfConsumer(consumer) },
        ':from': { S: from },
        ':to': { S: to },
      },
      Limit: ALL,
    })
  }

  async function open(consumer: string): Promise<Adopted> {
    const [waiting, replays] = await Promise.all([
      rows(consumer, WAITING, `${WAITING}~`),
      rows(consumer, REPLAY, `${REPLAY}~`),
    ])
    return { waiting: waiting.map(toWaiting), replays: replays.map(toReplay) }
  }

  async function look(consumer: ConsumerRow): Promise<Adopted & Pick<Tenancy, 'settled'>> {
    const opened = await open(consumer.name)
    return { ...opened, settled: await settledBeyond(consumer, opened) }
  }

  async function settledBeyond(consumer: ConsumerRow, opened: Adopted): Promise<readonly number[]> {
    const [letters, noted] = await Promise.all([
      rows(consumer.name, `${LETTER}${padded(consumer.swept)}`, `${LETTER}~`),
      rows(consumer.name, SETTLED, `${SETTLED}~`),
    ])
    return [
      ...opened.waiting.filter(({ run }) => run === '').map(({ position }) => position),
      ...letters.map((item) => toLetter(item).position),
      ...noted.flatMap((item) => item['positions']?.NS ?? []).map(Number),
    ].filter((position) => position > consumer.swept)
  }

  /** False when the lease is lost. */
  async function writeGuarded(lease: Lease, writes: readonly TransactWriteItem[]): Promise<boolean> {
    const guard = {
      ConditionCheck: { TableName: names.books, Key: consumerKey(lease.consumer), ...holds(lease) },
    }
    for (let i = 0; i < writes.length; i += WRITES_AT_ONCE) {
      const refused = await writeAll(parts, [guard, ...writes.slice(i, i + WRITES_AT_ONCE)])
      if (refused.length > 0) return false
    }
    return true
  }

  return {
    open,
    look,
    async claim(request, { expiresAt, start }) {
      const item = await updateItem(parts, {
        Key: consumerKey(request.consumer),
        UpdateExpression: CLAIM,
        ConditionExpression: 'attribute_not_exists(#owner) OR #owner = :owner OR #expires <= :now',
        ExpressionAttributeNames: CLAIM_NAMES,
        ExpressionAttributeValues: {
          ':owner': { S: request.owner },
          ':now': number(request.now),
          ':expires': number(expiresAt),
          ':start': number(start),
          ':pattern': { S: JSON.stringify(request.pattern) },
          ':imported': { BOOL: request.imported },
          ':zero': number(0),
          ':one': number(1),
        },
      })
      if (!item) return undefined
      const consumer = toConsumer(item)
      const lease = { consumer: consumer.name, owner: request.owner, fence: consumer.fence }
      return { ...(await look(consumer)), lease, consumer }
    },
    async renew(lease, { expiresAt, swept }) {
      const held = holds(lease)
      const item = await updateItem(parts, {
        Key: consumerKey(lease.consumer),
        UpdateExpression: 'SET #expires = :expires, #swept = :swept',
        ...held,
        ExpressionAttributeNames: {
          ...held.ExpressionAttributeNames,
          '#expires': 'expires',
          '#swept': 'swept',
        },
        ExpressionAttributeValues: {
          ...held.ExpressionAttributeValues,
          ':expires': number(expiresAt),
          ':swept': number(swept),
        },
      })
      return item && toConsumer(item)
    },
    async release(lease, { swept, settled }) {
      const writes = settledItems(lease.consumer, settled).map((Item) => ({
        Put: { TableName: names.books, Item },
      }))
      for (const write of writes) if (!(await writeGuarded(lease, [write]))) return
      const held = holds(lease)
      await updateItem(parts, {
        Key: consumerKey(lease.consumer),
        UpdateExpression: 'SET #swept = :swept REMOVE #owner, #expires',
        ...held,
        ExpressionAttributeNames: {
          ...held.ExpressionAttributeNames,
          '#expires': 'expires',
          '#swept': 'swept',
        },
        ExpressionAttributeValues: { ...held.ExpressionAttributeValues, ':swept': number(swept) },
      })
    },
    async save(change, sequenceOf) {
      const { consumer } = change.lease
      const letters = await Promise.all(
        change.dead.map(async (dead) => ({ ...dead, consumer, sequence: await sequenceOf(dead.position) })),
      )
      return await writeGuarded(change.lease, changeWrites(names.books, change, letters))
    },
  }
}
