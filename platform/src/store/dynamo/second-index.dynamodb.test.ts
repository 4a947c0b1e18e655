import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startDynamodbLocal, whyNoDynamodbLocal } from '@stoa/servers/dynamodb-local'
import type { LocalServer } from '@stoa/servers/local-server'

const reason = whyNoDynamodbLocal()
const describeHere = reason ? describe.skip : describe
const index = { TableName: 'orders', IndexName: 'by-status' }

// What decision 10 weighs: an index whose keys are several attributes, without texts joined by hand.
describeHere(
  reason ? `Indexes are not tried: ${reason}` : 'an index of DynamoDB over several attributes',
  () => {
    let server: LocalServer
    let client: DynamoDBClient

    beforeAll(async () => {
      server = await startDynamodbLocal()
      const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
      client = new DynamoDBClient({ endpoint: server.endpoint, region: 'eu-west-1', credentials })
      await client.send(
        new CreateTableCommand({
          TableName: index.TableName,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: ['orderId', 'status', 'market', 'placedAt'].map((AttributeName) => ({
            AttributeName,
            AttributeType: 'S',
          })),
          KeySchema: [{ AttributeName: 'orderId', KeyType: 'HASH' }],
          GlobalSecondaryIndexes: [
            {
              IndexName: index.IndexName,
              KeySchema: [
                { AttributeName: 'status', KeyType: 'HASH' },
                { AttributeName: 'market', KeyType: 'HASH' },
                { AttributeName: 'placedAt', KeyType: 'RANGE' },
                { AttributeName: 'orderId', KeyType: 'RANGE' },
              ],
              Projection: { ProjectionType: 'KEYS_ONLY' },
            },
          ],
        }),
      )
      const orders = [
        ['O-1', 'NEW', 'IT', '2026-03'],
        ['O-2', 'NEW', 'IT', '2026-02'],
        ['O-3', 'NEW', 'DE', '2026-01'],
        ['O-4', 'SENT', 'IT', '2026-01'],
      ] as const
      for (const [orderId, status, market, placedAt] of orders) {
        const Item = {
          orderId: { S: orderId },
          status: { S: status },
          market: { S: market },
          placedAt: { S: placedAt },
        }
        await client.send(new PutItemCommand({ TableName: index.TableName, Item }))
      }
    })

    afterAll(async () => {
      client.destroy()
      await server[Symbol.asyncDispose]()
    })

    async function find(condition: string, values: Record<string, string>): Promise<readonly string[]> {
      const query: QueryCommandInput = {
        ...index,
        KeyConditionExpression: condition,
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: Object.fromEntries(
          Object.entries(values).map(([name, S]) => [name, { S }]),
        ),
      }
      const { Items = [] } = await client.send(new QueryCommand(query))
      return Items.map(({ orderId }) => orderId?.S ?? '')
    }

    it('finds by all attributes of its partition key, in order of those of its sort key', async () => {
      expect(await find('#status = :s AND market = :m', { ':s': 'NEW', ':m': 'IT' })).toEqual(['O-2', 'O-1'])
    })

    it('narrows by its sort attributes from left to right', async () => {
      const condition = '#status = :s AND market = :m AND placedAt = :p AND begins_with(orderId, :o)'
      expect(await find(condition, { ':s': 'NEW', ':m': 'IT', ':p': '2026-03', ':o': 'O' })).toEqual(['O-1'])
    })

    it('does not find by a part of its partition key', async () => {
      await expect(find('#status = :s', { ':s': 'NEW' })).rejects.toMatchObject({
        name: 'ValidationException',
      })
    })
  },
)
