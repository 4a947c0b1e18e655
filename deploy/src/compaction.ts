import { Stack } from 'aws-cdk-lib'
import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import type { Cluster, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { FilterPattern, type ILogGroup, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs'
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler'
import type { Construct } from 'constructs'
import { A_MINUTE, type Watched } from './alarms.ts'
import type { Environment } from './environment.ts'
import { compactRights, keyRight, may } from './rights.ts'
import type { ServiceParts } from './service-parts.ts'
import { createTask } from './task.ts'

export interface CompactionParts extends ServiceParts {
  readonly cluster: Cluster
  readonly log: LogGroup
}

export interface Compaction {
  readonly log: ILogGroup
}

const ROLE = 'compact'

/**
 * Each night a task makes few large objects of the many small ones of the days that are over, and ends: the lake writes
 * a batch every few seconds, and queries pay for each object they open.
 */
export function createCompaction(scope: Construct, parts: CompactionParts): Compaction {
  const { environment, lake } = parts
  const task = createTask(scope, {
    ...parts,
    ...{ role: ROLE, size: environment.lake },
    command: ['node', 'lake/src/compact-main.ts', '--bucket', lake.facts.bucketName],
    variables: { AWS_REGION: Stack.of(scope).region },
    secrets: {},
  })
  for (const right of [...compactRights(lake), keyRight(parts.key, ['s3'])])
    (task.taskRole as Role).addToPolicy(right)
  schedule(scope, task, parts)
  return { log: parts.log }
}

/** When UTC's day has been over for a while, and few buy. */
const NIGHTLY = 'cron(20 3 * * ? *)'

function schedule(scope: Construct, task: FargateTaskDefinition, parts: CompactionParts): void {
  const { environment, cluster, firewalls, vpc, bus } = parts
  const { subnetIds } = vpc.selectSubnets({ subnetGroupName: 'run' })
  const starter = createStarter(scope, task, parts)
  const nightly = new CfnSchedule(scope, 'Compaction', {
    name: `stoa-${environment.name}-compact`,
    description: 'Makes few large objects of the many small ones of the lake.',
    scheduleExpression: NIGHTLY,
    scheduleExpressionTimezone: 'UTC',
    flexibleTimeWindow: { mode: 'FLEXIBLE', maximumWindowInMinutes: 30 },
    target: {
      arn: cluster.clusterArn,
      roleArn: starter.roleArn,
      ecsParameters: {
        taskDefinitionArn: task.taskDefinitionArn,
        launchType: 'FARGATE',
        taskCount: 1,
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: subnetIds,
            securityGroups: [firewalls.lake.securityGroupId],
            assignPublicIp: 'DISABLED',
          },
        },
      },
      retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 3600 },
      deadLetterConfig: { arn: bus.undelivered.queueArn },
    },
  })
  nightly.node.addDependency(starter)
}

/** May start this task in this cluster, as the roles it has, and say when it could not. */
function createStarter(scope: Construct, task: FargateTaskDefinition, parts: CompactionParts): Role {
  const { cluster, bus, key } = parts
  const account = Stack.of(scope).account
  const starter = new Role(scope, 'compact-starter', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
  })
  starter.addToPolicy(
    new PolicyStatement({
      actions: ['ecs:RunTask'],
      resources: [task.taskDefinitionArn],
      conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
    }),
  )
  const roles = [task.taskRole.roleArn, task.obtainExecutionRole().roleArn]
  starter.addToPolicy(
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: roles,
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    }),
  )
  starter.addToPolicy(may(['sqs:SendMessage'], [bus.undelivered.queueArn]))
  starter.addToPolicy(keyRight(key, ['sqs']))
  return starter
}

/** One failure is told: nobody would notice a night that was left out, only that queries get slow and dear. */
export function watchCompaction(
  scope: Construct,
  { name }: Environment,
  { log: logGroup }: Compaction,
): Watched {
  const filter = new MetricFilter(scope, 'compaction-failed', {
    logGroup,
    filterPattern: FilterPattern.stringValue('$.event', '=', 'failed'),
    metricNamespace: 'Stoa',
    metricName: `compaction-failed-${name}`,
  })
  return {
    name: 'compaction-failed',
    means:
      'The lake was not compacted. Its log has a code: docs/errors.md says what to do; start the task again.',
    metric: filter.metric({ period: A_MINUTE, statistic: Stats.SUM }),
    above: 0,
    minutes: 1,
  }
}
