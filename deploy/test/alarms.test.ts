import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { allConsumers, subgraphNames } from '../src/names.ts'
import { synthesised } from './templates.ts'

const OF_ALL = [
  'front-5xx',
  'front-p99',
  'gateway-cpu',
  'graph-cpu',
  'graph-waiting',
  'cache-evictions',
  'undelivered',
]
const OF_THE_LAKE = ['cpu-lake', 'gone-lake', 'errors-lake', 'compaction-failed']
const OF_EACH = ['throttles', 'stream-unread', 'cpu', 'gone', 'errors']

for (const { environment, of } of synthesised)
  describe(`what is watched, ${environment.name}`, () => {
    const prefix = `stoa-${environment.name}-`
    const alarms = new Map(
      of('AWS::CloudWatch::Alarm').map((alarm) => [
        String(alarm.get('AlarmName')).slice(prefix.length),
        alarm,
      ]),
    )

    it('wakes somebody for the first dead letter of any consumer', () => {
      for (const { name } of allConsumers) {
        const alarm = alarms.get(`dead-${name}`)
        assert.equal(alarm?.get('Threshold'), 0)
        assert.equal(alarm?.get('ComparisonOperator'), 'GreaterThanThreshold')
        assert.equal(alarm?.get('EvaluationPeriods'), 1)
      }
    })

    it('watches the age of what waits, throttles, unread streams, faults, and whether each subgraph is there', () => {
      const wanted = [
        ...allConsumers.map(({ name }) => `age-${name}`),
        ...subgraphNames.flatMap((name) => OF_EACH.map((what) => `${what}-${name}`)),
      ]
      assert.deepEqual(
        wanted.filter((name) => !alarms.has(name)),
        [],
      )
    })

    it('watches what heads see, the engines and the lake', () => {
      assert.deepEqual(
        [...OF_ALL, ...OF_THE_LAKE].filter((name) => !alarms.has(name)),
        [],
      )
    })

    it('says with each what it means, and tells the one topic', () => {
      for (const [name, alarm] of alarms) {
        assert.ok(String(alarm.get('AlarmDescription')).length > 20, name)
        assert.equal(alarm.list('AlarmActions').length, 1, name)
      }
    })

    it('has one dashboard', () => {
      assert.equal(of('AWS::CloudWatch::Dashboard').length, 1)
    })
  })
