import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { allConsumers, eventTypes, namesOf, subgraphNames } from '../src/names.ts'
import { synthesised } from './templates.ts'

const FORTNIGHT_SECONDS = 14 * 24 * 3600
/** Of resources in one stack, by CloudFormation. */
const MOST_RESOURCES = 500

describe('consumers.json', () => {
  it('has consumers of subgraphs that run and of the lake, and of no other', () => {
    for (const { subgraph } of allConsumers)
      assert.ok([...subgraphNames, 'lake'].includes(subgraph), subgraph)
  })
})

for (const { environment, stacks, of } of synthesised)
  describe(`the bus, ${environment.name}`, () => {
    const names = namesOf(environment)
    const queues = new Map(of('AWS::SQS::Queue').map((queue) => [queue.get('QueueName'), queue]))
    const rules = new Map(of('AWS::Events::Rule').map((rule) => [rule.get('Name'), rule]))

    it('has a rule with the pattern of the code for every consumer', () => {
      assert.equal(rules.size, allConsumers.length)
      for (const { name, pattern } of allConsumers)
        assert.deepEqual(rules.get(names.queue(name))?.get('EventPattern'), pattern)
    })

    it('has a queue for every consumer, whose dead letters have a queue of their own', () => {
      for (const { name } of allConsumers) {
        const dead = queues.get(names.deadLetters(name))
        const target = queues.get(names.queue(name))?.get('RedrivePolicy.deadLetterTargetArn.Fn::GetAtt.0')
        assert.ok(dead && target === dead.id, name)
        assert.equal(dead.get('MessageRetentionPeriod'), FORTNIGHT_SECONDS)
      }
    })

    it('loses nothing that a rule cannot hand over', () => {
      for (const rule of of('AWS::Events::Rule'))
        for (const target of rule.list('Targets')) assert.notEqual(target.text('DeadLetterConfig.Arn'), '')
    })

    it('has room in CloudFormation for twice as much', () => {
      for (const [name, resources] of stacks) assert.ok(resources.length < MOST_RESOURCES / 2, name)
    })

    it('has a lake with a partition for every type of fact', () => {
      const parameters = of('AWS::Glue::Table')[0]?.text('TableInput.Parameters') ?? ''
      assert.ok(parameters.includes(`"projection.type.values":"${eventTypes.join(',')}"`))
    })
  })
