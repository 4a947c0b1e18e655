import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { subgraphNames } from '../src/names.ts'
import { chart, helm, type Rendered, render, valuesOf, whyNoHelm } from './helm.ts'
import { problemsOf } from './kubernetes.ts'
import { type Node, nodeOf } from './node.ts'
import { synthesised } from './templates.ts'

const skip = whyNoHelm() ?? false
const roles = ['gateway', 'lake', ...subgraphNames]

for (const { environment, of } of synthesised)
  describe(`the chart, ${environment.name}`, { skip }, () => {
    const objects = skip === false ? render(environment.name) : []
    const deployments = kind(objects, 'Deployment')
    const containers = deployments.flatMap((one) => one.list('spec.template.spec.containers'))

    it('is content with helm lint', () => {
      const { status, text } = helm('lint', chart, '--strict', ...valuesOf(environment.name))
      assert.equal(status, 0, text)
    })

    it('makes objects that Kubernetes knows, each as its schema says', async () => {
      assert.ok(objects.length > 30)
      for (const object of objects) assert.deepEqual(await problemsOf(object), [])
    })

    it('runs the gateway, the lake and every subgraph, as ECS does', () => {
      const ran = containers.map((container) => container.get('args.2'))
      assert.deepEqual(ran.toSorted(), roles.toSorted())
      const tasks = of('AWS::ECS::TaskDefinition')
        .flatMap((task) => task.list('ContainerDefinitions'))
        .filter((task) => task.get('PortMappings') !== undefined)
      const ports = (list: readonly Node[], path: string): unknown[] =>
        list.map((one) => one.get(path)).toSorted()
      assert.deepEqual(
        ports(containers, 'ports.0.containerPort'),
        ports(tasks, 'PortMappings.0.ContainerPort'),
      )
    })

    it('tells them all that ECS tells them', () => {
      const config = Object.keys(kind(objects, 'ConfigMap')[0]?.get('data') ?? {})
      const known = [
        ...config,
        ...containers.flatMap((one) => one.list('env').map((entry) => entry.get('name'))),
      ]
      const tasks = of('AWS::ECS::TaskDefinition').flatMap((task) => task.list('ContainerDefinitions'))
      const wanted = tasks.flatMap((task) => [...task.list('Environment'), ...task.list('Secrets')])
      for (const variable of wanted) assert.ok(known.includes(variable.get('Name')), variable.text('Name'))
    })

    it('uses the names of the environment', () => {
      assert.equal(kind(objects, 'ConfigMap')[0]?.get('data.STOA_PREFIX'), `stoa-${environment.name}-`)
    })

    it('lets nothing be root, write, or gain rights', () => {
      for (const deployment of deployments) {
        assert.equal(deployment.get('spec.template.spec.securityContext.runAsNonRoot'), true)
        assert.equal(deployment.get('spec.template.spec.automountServiceAccountToken'), false)
      }
      for (const container of containers)
        assert.deepEqual(container.get('securityContext'), {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        })
    })

    it('asks each whether it is well, and bounds what it takes', () => {
      for (const container of containers) {
        for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'])
          assert.notEqual(container.text(probe), '', probe)
        assert.notEqual(container.text('resources.limits.memory'), '')
      }
    })

    it('compacts the lake each night, as ECS does', () => {
      const [job] = kind(objects, 'CronJob')
      const [container] = job?.list('spec.jobTemplate.spec.template.spec.containers') ?? []
      const task = of('AWS::ECS::TaskDefinition')
        .flatMap((one) => one.list('ContainerDefinitions'))
        .find((one) => one.get('Name') === 'compact')
      assert.equal(container?.get('args.1'), task?.get('Command.1'))
      assert.equal(job?.get('spec.concurrencyPolicy'), 'Forbid')
      assert.equal(container?.get('securityContext.readOnlyRootFilesystem'), true)
    })

    it('has a service and a disruption budget for each, and with the nightly job an account and a network policy', () => {
      for (const name of ['Service', 'PodDisruptionBudget'])
        assert.equal(kind(objects, name).length, roles.length, name)
      for (const name of ['ServiceAccount', 'NetworkPolicy'])
        assert.equal(kind(objects, name).length, roles.length + 1, name)
      for (const account of kind(objects, 'ServiceAccount'))
        assert.match(account.text('metadata.annotations'), /eks.amazonaws.com\/role-arn/)
    })

    it('lets the gateway be many, and a subgraph one at a time', () => {
      const [scaler] = kind(objects, 'HorizontalPodAutoscaler')
      assert.equal(scaler?.get('spec.minReplicas'), environment.gateway.fewest)
      assert.equal(scaler?.get('spec.maxReplicas'), environment.gateway.most)
      const subgraphs = deployments.filter((one) => one.get('metadata.name') !== 'stoa-gateway')
      for (const one of subgraphs) {
        assert.equal(one.get('spec.replicas'), 1)
        assert.equal(one.get('spec.strategy.type'), 'Recreate')
      }
    })

    it('holds no secret, and refers to one', () => {
      assert.deepEqual(kind(objects, 'Secret'), [])
      // The lake is asked by nobody and knows no vendor.
      for (const container of containers.filter((one) => one.get('name') !== 'lake'))
        assert.match(container.text('env'), /secretKeyRef/)
    })

    it('lets subgraphs be reached by the gateway alone, and the lake by nobody', () => {
      for (const policy of kind(objects, 'NetworkPolicy')) {
        if (policy.get('metadata.name') === 'stoa-gateway') continue
        if (/lake|compact/.test(String(policy.get('metadata.name')))) {
          assert.deepEqual(policy.get('spec.ingress'), [])
          continue
        }
        assert.equal(policy.list('spec.ingress.0.from').length, 1)
        assert.match(policy.text('spec.ingress.0.from'), /"app.kubernetes.io\/component":"gateway"/)
      }
    })
  })

describe('the chart', { skip }, () => {
  it('says which value is missing', () => {
    const { status, text } = helm('template', chart, '--kube-version', '1.33.0')
    assert.notEqual(status, 0)
    assert.match(text, /(ingress\.host|config\.prefix|image\.repository): /)
  })
})

function kind(objects: readonly Rendered[], name: string): readonly Node[] {
  return objects.filter((object) => object['kind'] === name).map(nodeOf)
}
