import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe } from '@jest/globals'
import { startDynamodbLocal, whyNoDynamodbLocal } from '@stoa/servers/dynamodb-local'
import type { LocalServer } from '@stoa/servers/local-server'
import { systemClock } from './clock.ts'
import { openDynamoStore } from './event-store.dynamodb.ts'
import { systemRandom } from './random.ts'
import { shardedCounterContract } from './sharded-counter.contract.ts'

const reason = whyNoDynamodbLocal()
const describeHere = reason ? describe.skip : describe

describeHere(reason ? `Sharded counters are not tried on DynamoDB: ${reason}` : 'on DynamoDB Local', () => {
  let server: LocalServer
  let client: DynamoDBClient
  let stores = 0

  beforeAll(async () => {
    server = await startDynamodbLocal()
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
    client = new DynamoDBClient({
      endpoint: server.endpoint,
      region: 'eu-west-1',
      credentials,
      maxAttempts: 1,
    })
  })

  afterAll(async () => {
    client.destroy()
    await server[Symbol.asyncDispose]()
  })

  shardedCounterContract({
    runs: 3,
    shoppers: 20,
    async open() {
      stores += 1
      const ports = { clock: systemClock, random: systemRandom }
      const store = openDynamoStore({ ...ports, client, tablePrefix: `c${stores}-` })
      await store.createTables()
      return { store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() }
    },
  })
})
