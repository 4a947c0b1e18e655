import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { ConsumerChange } from '../bus-log.ts'
import { type Item, number } from '../eventbridge/items.ts'
import { type LetterRow, letterItem, replayKey, waitingItem, waitingKey } from './items.ts'

/** What must not be lost comes first, in case only the first transaction gets through. */
export function changeWrites(
  TableName: string,
  change: ConsumerChange,
  letters: readonly LetterRow[],
): readonly TransactWriteItem[] {
  const { consumer } = change.lease
  return [
    ...letters.map((letter) => ({ Put: { TableName, Item: letterItem(letter) } })),
    ...change.put.map((waiting) => ({ Put: { TableName, Item: waitingItem(consumer, waiting) } })),
    ...change.drop.map((key) => ({ Delete: { TableName, Key: waitingKey(consumer, key) } })),
    ...change.replays.map(({ run, cursor }) => {
      const Key = replayKey(consumer, run)
      return cursor === undefined ? { Delete: { TableName, Key } } : moveReplay(TableName, Key, cursor)
    }),
  ]
}

function moveReplay(TableName: string, Key: Item, cursor: number): TransactWriteItem {
  const ExpressionAttributeNames = { '#cursor': 'cursor' }
  const ExpressionAttributeValues = { ':cursor': number(cursor) }
  const UpdateExpression = 'SET #cursor = :cursor'
  return { Update: { TableName, Key, UpdateExpression, ExpressionAttributeNames, ExpressionAttributeValues } }
}
