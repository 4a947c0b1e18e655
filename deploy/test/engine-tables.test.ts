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
    const { openDynamoStore } = await engine('platform/src/event-store.dynamodb.ts')
    for (const name of subgraphNames) {
      const client = recorder()
      const store = openDynamoStore?.({ ...(await tools()), client, tablePrefix: `${names.prefix}${name}-` })
      await call(store, 'createTables')
      assert.equal(client.wanted.length, 3)
      for (const wanted of client.wanted) assertSame(wanted, made.get(wanted.get('TableName')))
      for (const { table, attribute } of client.expiring)
        assert.equal(made.get(table)?.get('TimeToLiveSpecification.AttributeName'), attribute)
    }
  })

  it('of the bus have the keys that the bus on EventBridge makes', async () => {
    const { openEventBridgeBus } = await engine('platform/src/event-bus.eventbridge.ts')
    const client = recorder()
    const clients = { dynamodb: client, events: client, sqs: client }
    await call(openEventBridgeBus?.({ ...(await tools()), clients, name: names.bus }), 'create')
    assert.equal(client.wanted.length, 2)
    for (const wanted of client.wanted) assertSame(wanted, made.get(wanted.get('TableName')))
  })
})

async function tools(): Promise<Readonly<Record<string, unknown>>> {
  const { systemClock: clock } = await engine('platform/src/clock.ts')
  const { systemRandom: random } = await engine('platform/src/random.ts')
  const { silentLog: log } = await engine('platform/src/log.ts')
  return { clock, random, log }
}

async function call(thing: unknown, name: string): Promise<void> {
  const found = nodeOf(thing).get(name)
  assert.ok(typeof found === 'function', name)
  await found()
}

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
