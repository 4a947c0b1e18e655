import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { openDynamoStore } from '@stoa/platform/event-store.dynamodb'
import { systemRandom } from '@stoa/platform/random'
import { startDynamodbLocal, whyNoDynamodbLocal } from '@stoa/servers/dynamodb-local'
import type { LocalServer } from '@stoa/servers/local-server'
import { spreadSkuContract } from './spread-sku.contract.ts'

const reason = whyNoDynamodbLocal()
const describeHere = reason ? describe.skip : describe

describeHere(reason ? `SKUs are not spread on DynamoDB: ${reason}` : 'on DynamoDB Local', () => {
  let server: LocalServer
  let client: DynamoDBClient
  let stores = 0

  beforeAll(async () => {
    server = await startDynamodbLocal()
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
    const config = { endpoint: server.endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 }
    client = new DynamoDBClient(config)
  })

  afterAll(async () => {
    client.destroy()
    await server[Symbol.asyncDispose]()
  })

  spreadSkuContract({
    runs: 3,
    shoppers: 16,
    async open() {
      stores += 1
      const ports = { clock: systemClock, random: systemRandom }
      const store = openDynamoStore({ ...ports, client, tablePrefix: `spread${stores}-` })
      await store.createTables()
      return store
    },
  })
})
