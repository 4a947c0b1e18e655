import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { namesOf, subgraphNames } from '../src/names.ts'
import { engine, whyNoEngines } from './engine.ts'
import { type Node, nodeOf } from './node.ts'
import { environmentNamed } from './templates.ts'

/** What the engines would make for themselves is what the templates make. */
describe('tables', { skip: whyNoEngines() ?? false }, () => {
  const { environment, of } = environmentNamed('dev')
  const names = namesOf(environment)
  const made = new Map(of('AWS::DynamoDB::Table').map((table) => [table.get('TableName'), table]))

  it('of every store have the keys, feed and expiry that the store on DynamoDB makes', async () => {
    const { createDynamoTables } = await engine('platform/src/store/dynamo-tables.ts')
    for (const name of subgraphNames) {
      const client = recorder()
      await createDynamoTables?.({ client, tablePrefix: `${names.prefix}${name}-`, clock: { now: () => 0 } })
      assert.equal(client.wanted.length, 3)
      for (const wanted of client.wanted) assertSame(wanted, made.get(wanted.get('TableName')))
      for (const { table, attribute } of client.expiring)
        assert.equal(made.get(table)?.get('TimeToLiveSpecification.AttributeName'), attribute)
    }
  })

  it('of the bus have the keys that the bus on EventBridge makes', async () => {
    const { createBusResources } = await engine('platform/src/bus/eventbridge-resources.ts')
    const { busNames } = await engine('platform/src/bus/eventbridge-parts.ts')
    const client = recorder()
    const calls = { call: (send: (signal: undefined) => unknown) => send(undefined) }
    await createBusResources?.({
      clients: { dynamodb: client, events: client, sqs: client },
      calls: { dynamodb: calls, events: calls, sqs: calls },
      names: busNames?.(names.bus),
    })
    assert.equal(client.wanted.length, 2)
    for (const wanted of client.wanted) assertSame(wanted, made.get(wanted.get('TableName')))
  })
})

const SAME = [
  'KeySchema',
  'AttributeDefinitions',
  'BillingMode',
  'StreamSpecification.StreamViewType',
] as const

function assertSame(wanted: Node, made: Node | undefined): void {
  for (const path of SAME)
    assert.deepEqual(made?.get(path), wanted.get(path), `${wanted.get('TableName')} ${path}`)
}

interface Recorder {
  readonly wanted: readonly Node[]
  readonly expiring: readonly { readonly table: unknown; readonly attribute: unknown }[]
  send(command: { readonly input: object }): Promise<object>
}

/** Takes every request and says that all is ready. */
function recorder(): Recorder {
  const wanted: Node[] = []
  const expiring: { table: unknown; attribute: unknown }[] = []
  return {
    wanted,
    expiring,
    send: async ({ input }) => {
      const asked = nodeOf(input)
      const attribute = asked.get('TimeToLiveSpecification.AttributeName')
      if (asked.get('KeySchema') !== undefined) wanted.push(asked)
      if (attribute !== undefined) expiring.push({ table: asked.get('TableName'), attribute })
      return { Table: { TableStatus: 'ACTIVE' } }
    },
  }
}
