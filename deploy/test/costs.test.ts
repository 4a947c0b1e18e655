import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { sumOf } from '../src/costs/cost-line.ts'
import { costSheet } from '../src/costs/cost-sheet.ts'
import { costOfAMonth } from '../src/costs/of-a-month.ts'
import { costOfOrders } from '../src/costs/of-orders.ts'
import { environments } from '../src/environments.ts'
import { environmentNamed } from './templates.ts'

describe('the cost sheet', () => {
  it('is what docs/costs.md says; `npm run costs` writes it anew', async () => {
    const written = await readFile(new URL('../../docs/costs.md', import.meta.url), 'utf8')
    assert.equal(written, costSheet(environments).text)
  })

  it('costs twice as much for twice as many orders', () => {
    const once = sumOf(costOfOrders(1e6))
    assert.ok(Math.abs(sumOf(costOfOrders(2e6)) - 2 * once) < 1e-6)
  })

  it('counts as many alarms, endpoints and tasks as are made', () => {
    for (const environment of environments) {
      const { of } = environmentNamed(environment.name)
      const lines = new Map(costOfAMonth(environment).map((line) => [line.what, line.quantity]))
      assert.equal(lines.get('Alarms'), of('AWS::CloudWatch::Alarm').length)
      const endpoints = of('AWS::EC2::VPCEndpoint').filter(
        (one) => one.get('VpcEndpointType') === 'Interface',
      )
      assert.equal(lines.get('Endpoints in the network'), endpoints.length * environment.zones.length * 730)
      const cores = of('AWS::ECS::Service').reduce(
        (sum, service) => sum + coresOf(service.text('TaskDefinition')),
        0,
      )
      assert.ok(Math.abs((lines.get('Fargate, cores') ?? 0) - cores * 730) < 1e-6)

      function coresOf(task: string): number {
        const found = of('AWS::ECS::TaskDefinition').find(({ id }) => task.includes(id))
        const isGateway = found?.text('ContainerDefinitions').includes('"gateway"')
        return (Number(found?.get('Cpu')) / 1024) * (isGateway ? environment.gateway.fewest : 1)
      }
    }
  })
})
