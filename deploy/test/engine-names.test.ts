import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dev } from '../src/environments/dev.ts'
import { allConsumers, namesOf, subgraphNames } from '../src/names.ts'
import { engine, whyNoEngines } from './engine.ts'

describe('names of tables, bus and queues', { skip: whyNoEngines() ?? false }, () => {
  const names = namesOf(dev)

  it('are those that the store on DynamoDB looks for', async () => {
    const { tableNames } = await engine('platform/src/store/dynamo/tables.ts')
    for (const name of subgraphNames)
      assert.deepEqual(names.tables(name), tableNames?.(`${names.prefix}${name}-`))
  })

  it('are those that the bus on EventBridge looks for', async () => {
    const { busNames } = await engine('platform/src/bus/eventbridge/parts.ts')
    assert.deepEqual({ bus: names.bus, ...names.busTables }, busNames?.(names.bus))
  })

  it('of queues and rules are those that a consumer makes for itself where nobody did', async () => {
    const { resourceName } = await engine('platform/src/bus/eventbridge/rule.ts')
    for (const { name } of allConsumers) assert.equal(names.queue(name), resourceName?.(names.bus, name))
  })

  it('ask EventBridge for what the consumers ask for', async () => {
    const { rulePattern } = await engine('platform/src/bus/eventbridge/rule.ts')
    for (const { pattern } of allConsumers) assert.equal(JSON.stringify(pattern), rulePattern?.(pattern))
  })
})
