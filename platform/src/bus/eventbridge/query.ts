import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb'
import type { Item } from './items.ts'
import type { EventBridgeParts } from './parts.ts'

/** What is written is seen: pages of at most 1 MB until there are `Limit` items or no more. */
export async function queryItems(
  { clients, calls }: Pick<EventBridgeParts, 'clients' | 'calls'>,
  input: QueryCommandInput & { readonly Limit: number },
): Promise<readonly Item[]> {
  const items: Item[] = []
  let start: Item | undefined
  do {
    const from = start ? { ExclusiveStartKey: start } : {}
    const Limit = input.Limit - items.length
    const request = new QueryCommand({ ...input, ...from, Limit, ConsistentRead: true })
    const page = await calls.dynamodb.call((abortSignal) => clients.dynamodb.send(request, { abortSignal }))
    items.push(...(page.Items ?? []))
    start = page.LastEvaluatedKey
  } while (start && items.length < input.Limit)
  return items
}
