import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { subgraphNames } from '../src/names.ts'
import { synthesised } from './templates.ts'

const PROGRAM = 'app/src/service-main.ts'

for (const { environment, of } of synthesised)
  describe(`what runs, ${environment.name}`, () => {
    const containers = of('AWS::ECS::TaskDefinition').flatMap((task) => task.list('ContainerDefinitions'))
    const services = containers.filter((container) => container.get('Command.1') === PROGRAM)
    const ofTheLake = containers.filter((container) => /^(lake|compact)$/.test(String(container.get('Name'))))

    it('is the gateway, the lake and every subgraph, from one image', () => {
      const roles = services.map((container) => container.get('Command.2'))
      assert.deepEqual(roles.toSorted(), ['gateway', 'lake', ...subgraphNames].toSorted())
      assert.equal(new Set(containers.map((container) => container.text('Image'))).size, 1)
    })

    it('is nobody of importance: no root, no capabilities, nothing to write to but /tmp', () => {
      for (const container of containers) {
        assert.equal(container.get('User'), '10001:10001')
        assert.equal(container.get('ReadonlyRootFilesystem'), true)
        assert.deepEqual(container.get('LinuxParameters.Capabilities.Drop'), ['ALL'])
        assert.deepEqual(container.get('MountPoints'), [
          { ContainerPath: '/tmp', ReadOnly: false, SourceVolume: 'tmp' },
        ])
      }
    })

    it('is asked by container and load balancer whether it is well', () => {
      for (const container of services) assert.equal(container.get('HealthCheck.Command.0'), 'CMD')
      const targets = of('AWS::ElasticLoadBalancingV2::TargetGroup')
      assert.equal(targets.length, subgraphNames.length + 1)
      for (const target of targets) assert.equal(target.get('HealthCheckPath'), '/readyz')
    })

    it('is given secrets by reference, never by value', () => {
      for (const container of containers) {
        if (!ofTheLake.includes(container))
          assert.match(container.text('Secrets'), /"Name":"STOA_INTERNAL_SECRET"/)
        for (const variable of container.list('Environment'))
          assert.doesNotMatch(String(variable.get('Name')), /SECRET|PASSWORD|TOKEN/)
      }
    })

    it('lets the gateway be many, and a subgraph one at a time', () => {
      const [scaling] = of('AWS::ApplicationAutoScaling::ScalableTarget')
      assert.equal(scaling?.get('MinCapacity'), environment.gateway.fewest)
      assert.equal(scaling?.get('MaxCapacity'), environment.gateway.most)
      const subgraphs = of('AWS::ECS::Service').filter((service) => service.get('ServiceName') !== 'gateway')
      for (const service of subgraphs) {
        assert.equal(service.get('DesiredCount'), 1)
        assert.equal(service.get('DeploymentConfiguration.MaximumPercent'), 100)
      }
    })

    it('keeps every fact in the bucket that Athena reads, and knows no secret for it', () => {
      const location = of('AWS::Glue::Table')[0]?.text('TableInput.StorageDescriptor.Location') ?? ''
      const [, bucket = 'none'] = /"Ref":"(Facts\w+)"/.exec(location) ?? []
      const [lake] = ofTheLake.filter((container) => container.get('Name') === 'lake')
      const variable = lake?.list('Environment').find((one) => one.get('Name') === 'LAKE_BUCKET')
      assert.ok(variable?.text('Value').includes(bucket), bucket)
      for (const container of ofTheLake) assert.equal(container.get('Secrets'), undefined)
    })

    it('makes few large objects of many each night, by a task that ends', () => {
      const [nightly] = of('AWS::Scheduler::Schedule')
      assert.match(String(nightly?.get('ScheduleExpression')), /^cron/)
      assert.notEqual(nightly?.text('Target.DeadLetterConfig.Arn'), '')
      const [, compact] = ofTheLake.toSorted((one) => (one.get('Name') === 'lake' ? -1 : 1))
      assert.deepEqual(compact?.list('Command').length, 4)
      assert.equal(compact?.get('PortMappings'), undefined)
    })

    it('goes back to what ran before when a new version does not get well', () => {
      for (const service of of('AWS::ECS::Service'))
        assert.equal(service.get('DeploymentConfiguration.DeploymentCircuitBreaker.Rollback'), true)
    })

    it('signs for Neptune, which takes nobody else', () => {
      assert.equal(of('AWS::Neptune::DBCluster')[0]?.get('IamAuthEnabled'), true)
    })
  })
