import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { everyStatement, identityStatements } from './statements.ts'
import { synthesised } from './templates.ts'

/** AWS documents no narrower resource for these; each is named with why. */
const UNAVOIDABLE: Readonly<Record<string, string>> = {
  'ecr:GetAuthorizationToken': 'a token is for the registry of the account, which has no ARN',
}

for (const synthesis of synthesised)
  describe(`roles, ${synthesis.environment.name}`, () => {
    const statements = identityStatements(synthesis)

    it('are given statements', () => {
      assert.ok(statements.length > 30, String(statements.length))
    })

    it('may nowhere do everything: no * action, no whole service', () => {
      for (const { where, actions } of statements)
        for (const action of actions) assert.doesNotMatch(action, /^\*$|:\*$/, `${where}: ${action}`)
    })

    // In a key's policy `*` is the key itself; AWS documents that a key its account cannot manage is lost for good.
    it('have no * action on *, also in the policies of things', () => {
      const granting = everyStatement(synthesis).filter(
        (one) => one.get('Effect') === 'Allow' && !one.where.startsWith('AWS::KMS::Key'),
      )
      for (const { where, actions, resources } of granting)
        assert.ok(!(resources.includes('*') && actions.some((action) => action.includes('*'))), where)
    })

    it('name what they may touch; the exceptions are AWS’s own and listed', () => {
      for (const { where, actions } of statements.filter(({ resources }) => resources.includes('*')))
        for (const action of actions) assert.ok(Object.hasOwn(UNAVOIDABLE, action), `${where}: ${action}`)
    })

    it('may not change or remove a recorded event', () => {
      for (const statement of statements)
        if (/dynamodb:(Update|Delete)Item/.test(statement.actions.join(' ')))
          assert.doesNotMatch(
            statement.text('Resource'),
            /Output(Ref|FnGetAtt)(\w+events|buslog)/,
            statement.where,
          )
    })

    it('of a subgraph reach the tables of that subgraph and of the bus alone', () => {
      const reading = statements.filter(({ actions }) => actions.includes('dynamodb:BatchGetItem'))
      assert.ok(reading.length > 6)
      for (const { where, resources } of reading) {
        const [, subgraph = ''] = /Policy ([a-z]+)role/.exec(where) ?? []
        for (const resource of resources)
          assert.match(JSON.stringify(resource), new RegExp(`Output(Ref|FnGetAtt)(${subgraph}|bus)`), where)
      }
    })

    it('of the lake add facts under their prefix, and only compaction reads and removes them', () => {
      const onFacts = statements.filter(({ actions }) => actions.some((action) => action.startsWith('s3:')))
      const ofLake = onFacts.filter(({ where }) => /lakerole/.test(where)).flatMap(({ actions }) => actions)
      const ofNight = onFacts
        .filter(({ where }) => /compactrole/.test(where))
        .flatMap(({ actions }) => actions)
      assert.deepEqual(ofLake, ['s3:ListBucket', 's3:PutObject'])
      assert.deepEqual(ofNight, ['s3:ListBucket', 's3:PutObject', 's3:GetObject', 's3:DeleteObject'])
      for (const statement of onFacts) assert.match(statement.text(), /events\/\*/, statement.where)
      const telling = statements.filter(({ actions }) => actions.includes('events:PutEvents'))
      for (const { where } of telling) assert.doesNotMatch(where, /lakerole|compactrole/)
    })

    it('use the key through the services they speak to, and for nothing else', () => {
      const using = statements.filter(
        ({ where, actions }) => /role/.test(where) && actions.some((action) => action.startsWith('kms:')),
      )
      assert.ok(using.length > 6)
      for (const statement of using)
        assert.match(statement.text('Condition.StringEquals'), /kms:ViaService/, statement.where)
    })
  })
