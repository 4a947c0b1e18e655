import {
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb'
import { errorName } from '../../aws/errors.ts'
import type { Item } from '../eventbridge/items.ts'
import type { EventBridgeParts } from '../eventbridge/parts.ts'

type Parts = Pick<EventBridgeParts, 'clients' | 'calls' | 'names' | 'wire'>

/** Others at the same item at the same moment: worth this many tries. */
const TRIES = 10

/** The item as it is afterwards; undefined when the condition does not hold. */
export async function updateItem(
  parts: Parts,
  input: Omit<UpdateItemCommandInput, 'TableName'>,
): Promise<Item | undefined> {
  const { dynamodb } = parts.clients
  const request = new UpdateItemCommand({
    TableName: parts.names.books,
    ReturnValues: 'ALL_NEW',
    ...input,
  })
  try {
    const { Attributes = {} } = await patiently(parts, (abortSignal) =>
      dynamodb.send(request, { abortSignal }),
    )
    return Attributes
  } catch (reason) {
    if (errorName(reason) === 'ConditionalCheckFailedException') return undefined
    throw reason
  }
}

/** All of it or nothing. Answers which writes' conditions do not hold; none when it is done. */
export async function writeAll(
  parts: Parts,
  TransactItems: readonly TransactWriteItem[],
): Promise<readonly number[]> {
  const { dynamodb } = parts.clients
  try {
    await patiently(parts, async (abortSignal) => {
      const ClientRequestToken = parts.wire.random.uuid()
      const request = new TransactWriteItemsCommand({ TransactItems: [...TransactItems], ClientRequestToken })
      await dynamodb.send(request, { abortSignal }).catch(asCollision)
    })
    return []
  } catch (reason) {
    if (reason instanceof TransactionCanceledException) return refusedOf(reason)
    throw reason
  }
}

const COLLISION = 'TransactionConflictException'

/** A transaction that others only got in the way of is told apart from one that cannot succeed. */
function asCollision(reason: unknown): never {
  if (reason instanceof TransactionCanceledException && refusedOf(reason).length === 0)
    throw Object.assign(new Error(reason.message, { cause: reason }), { name: COLLISION, $fault: 'client' })
  throw reason
}

function refusedOf({ CancellationReasons = [] }: TransactionCanceledException): readonly number[] {
  return CancellationReasons.flatMap(({ Code }, i) => (Code === 'ConditionalCheckFailed' ? [i] : []))
}

async function patiently<T>({ calls }: Parts, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await calls.dynamodb.call(send)
    } catch (reason) {
      if (errorName(reason) !== COLLISION || attempt === TRIES) throw reason
      await calls.dynamodb.pause(attempt)
    }
  }
}
