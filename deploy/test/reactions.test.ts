import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sumOf } from '../src/costs/cost-line.ts'
import { costOfAMonth } from '../src/costs/of-a-month.ts'
import { functionMonth, monthsOrdersAtPar, sameOnFargate } from '../src/costs/of-reactions.ts'
import { dev } from '../src/environments/dev.ts'
import { allConsumers } from '../src/names.ts'
import { identityStatements } from './statements.ts'
import { environmentNamed, type Synthesised, synthesise } from './templates.ts'

const CHOSEN = ['orders', 'customer'] as const
const environment = { ...dev, reactionsOnLambda: { of: CHOSEN, memoryMiB: 1024 } }
const chosen = synthesiseChosen()

describe('reactions where nobody chose Lambda', () => {
  const { of } = environmentNamed('dev')

  it('run in the tasks: there is no function, and no task leaves them to others', () => {
    assert.deepEqual(of('AWS::Lambda::Function'), [])
    for (const task of of('AWS::ECS::TaskDefinition')) assert.doesNotMatch(task.text(), /STOA_REACTIONS/)
  })
})

describe('reactions on Lambda', () => {
  const { of } = chosen
  const functions = of('AWS::Lambda::Function')
  const statements = identityStatements(chosen)

  it('are a function of the services’ image for each subgraph chosen, in the network, one at a time', () => {
    const roles = functions.map((one) => one.get('ImageConfig.Command'))
    assert.deepEqual(
      roles,
      CHOSEN.map((name) => ['reactions', name]),
    )
    for (const one of functions) {
      assert.equal(one.get('PackageType'), 'Image')
      assert.match(one.text('Code.ImageUri'), /:test"/)
      assert.equal(one.get('ReservedConcurrentExecutions'), 1)
      assert.equal(one.list('VpcConfig.SubnetIds').length, dev.zones.length)
      assert.doesNotMatch(one.text('Environment'), /SECRET|PASSWORD|TOKEN/)
    }
  })

  it('may be given the image by Lambda, and nobody else’s functions may', () => {
    const [policy] = of('AWS::ECR::Repository').flatMap((one) => one.list('RepositoryPolicyText.Statement'))
    assert.equal(policy?.get('Principal.Service'), 'lambda.amazonaws.com')
    assert.match(policy?.text('Condition.ArnLike') ?? '', /aws:SourceArn.*function:stoa-dev-reactions-\*/)
  })

  it('are left to it by the task that answers, which need not listen any more', () => {
    for (const name of ['catalog', ...CHOSEN]) {
      const isChosen = name !== 'catalog'
      const task = of('AWS::ECS::TaskDefinition').find((one) =>
        String(one.get('Family')).endsWith(`-${name}`),
      )
      assert.equal(task?.text('ContainerDefinitions').includes('"STOA_REACTIONS"'), isChosen, name)
      const ownRights = statements.filter(({ where }) => where.includes(`Policy ${name}role`))
      const isListening = ownRights.some(({ actions }) => actions.includes('events:PutRule'))
      assert.equal(isListening, !isChosen, name)
    }
  })

  it('are woken by every type that a consumer asks for, and every minute', () => {
    const wake = of('AWS::Events::Rule').filter((rule) => rule.get('Targets.0.Id') === 'wake')
    for (const [index, name] of CHOSEN.entries()) {
      const types = wake[index]?.get('EventPattern.detail-type')
      assert.ok(Array.isArray(types))
      for (const { pattern } of allConsumers.filter(({ subgraph }) => subgraph === name))
        for (const type of pattern['detail-type'] ?? []) assert.ok(types.includes(type), type)
      assert.ok(JSON.stringify({ 'detail-type': types }).length < 2048)
      assert.notEqual(wake[index]?.text('Targets.0.DeadLetterConfig'), '')
    }
    const rates = of('AWS::Scheduler::Schedule').map((one) => one.get('ScheduleExpression'))
    assert.equal(rates.filter((rate) => rate === 'rate(1 minute)').length, CHOSEN.length)
  })

  it('gather bells, which are hidden for as long as the function runs, and forget old ones', () => {
    for (const mapping of of('AWS::Lambda::EventSourceMapping')) {
      assert.equal(mapping.get('BatchSize'), 1000)
      assert.equal(mapping.get('MaximumBatchingWindowInSeconds'), 2)
    }
    const bells = of('AWS::SQS::Queue').filter((one) => String(one.get('QueueName')).includes('-wake-'))
    assert.equal(bells.length, CHOSEN.length)
    for (const [index, bell] of bells.entries()) {
      assert.equal(bell.get('VisibilityTimeout'), functions[index]?.get('Timeout'))
      assert.equal(bell.get('MessageRetentionPeriod'), 300)
      assert.equal(bell.get('SqsManagedSseEnabled'), true)
    }
  })

  it('log into an encrypted group that forgets', () => {
    for (const name of CHOSEN) {
      const log = of('AWS::Logs::LogGroup').find(
        (one) => one.get('LogGroupName') === `/stoa/dev/reactions-${name}`,
      )
      assert.match(log?.text('KmsKeyId') ?? '', /Key/)
      assert.equal(log?.get('RetentionInDays'), dev.logDays)
    }
  })

  const own = statements.filter(({ where }) => /reactionsrole/.test(where))

  it('tell nothing, follow no feed, and name what they may touch, but for the network', () => {
    assert.ok(own.length > 12)
    for (const { where, actions, resources } of own) {
      const most = resources.includes('*') ? /^ec2:/ : /^(?!.*(\*|PutEvents|GetRecords|Scan))/
      for (const action of actions) assert.match(action, most, where)
    }
    assert.equal(own.filter((one) => one.get('Effect') === 'Deny').length, CHOSEN.length)
  })

  it('reach the tables of their own subgraph and of the bus alone', () => {
    const reading = own.filter(({ actions }) => actions.includes('dynamodb:BatchGetItem'))
    assert.ok(reading.length >= 2 * CHOSEN.length)
    for (const { where, resources } of reading) {
      const [, name = 'none'] = /Policy ([a-z]+)reactions/.exec(where) ?? []
      assert.match(JSON.stringify(resources), new RegExp(`Output(Ref|FnGetAtt)(${name}|bus)`), where)
    }
  })

  it('are watched: failures, a function that is never free, one that nobody calls, faults in its log', () => {
    const alarms = of('AWS::CloudWatch::Alarm').map((alarm) => alarm.get('AlarmName'))
    for (const name of CHOSEN)
      for (const what of ['failing', 'throttled', 'gone', 'errors'])
        assert.ok(alarms.includes(`stoa-dev-${what}-reactions-${name}`), `${what} ${name}`)
    const counted = costOfAMonth(environment).find(({ what }) => what === 'Alarms')?.quantity
    assert.equal(counted, alarms.length)
  })

  it('cost less than the same on Fargate up to some orders a month, and more beyond', () => {
    const par = monthsOrdersAtPar(1024)
    assert.ok(par > 1000 && par < 1_000_000, String(par))
    assert.ok(sumOf(functionMonth(par / 2, 1024)) < sameOnFargate(1024))
    assert.ok(sumOf(functionMonth(par * 2, 1024)) > sameOnFargate(1024))
  })
})

function synthesiseChosen(): Synthesised {
  const [chosen] = synthesise([environment])
  assert.ok(chosen)
  return chosen
}
