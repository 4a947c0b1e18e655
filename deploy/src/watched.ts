import { Fn } from 'aws-cdk-lib'
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import type { ITable } from 'aws-cdk-lib/aws-dynamodb'
import type { FargateService } from 'aws-cdk-lib/aws-ecs'
import { HttpCodeTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { A_MINUTE, type Watched } from './alarms.ts'
import type { Bus } from './bus.ts'
import type { Cache } from './cache.ts'
import type { Graph } from './graph.ts'
import type { ConsumerQueue } from './queues.ts'
import type { Services } from './services.ts'
import { allTables, type StoreTables } from './tables.ts'
import { watchReactions } from './watch-reactions.ts'

const minute = { period: A_MINUTE }

/** Dead letters, and events that wait for longer than anybody should. */
export function watchQueues(queues: readonly ConsumerQueue[], { undelivered }: Bus): readonly Watched[] {
  const each = queues.flatMap(({ consumer, queue, dead }): Watched[] => [
    {
      name: `dead-${consumer.name}`,
      means: `${consumer.name} gave up on events. Look at them, put right what they say, redrive.`,
      metric: dead.metricApproximateNumberOfMessagesVisible({ ...minute, statistic: Stats.MAXIMUM }),
      above: 0,
      minutes: 1,
    },
    {
      name: `age-${consumer.name}`,
      means: `${consumer.name} is behind: its oldest event waits for more than 15 minutes.`,
      metric: queue.metricApproximateAgeOfOldestMessage({ ...minute, statistic: Stats.MAXIMUM }),
      above: 900,
      minutes: 5,
    },
  ])
  const lost: Watched = {
    name: 'undelivered',
    means:
      'A rule could not hand events to their queue, or the night’s compaction could not be started. See the queue’s policy and key, then send them again; compact by hand.',
    metric: undelivered.metricApproximateNumberOfMessagesVisible({ ...minute, statistic: Stats.MAXIMUM }),
    above: 0,
    minutes: 1,
  }
  return [...each, lost]
}

/** Throttles of each store's tables together, and streams that nobody reads: they forget after a day. */
export function watchTables(stores: Readonly<Record<string, StoreTables>>): readonly Watched[] {
  return Object.entries(stores).flatMap(([name, tables]) => [
    {
      name: `throttles-${name}`,
      means: `DynamoDB refuses ${name} for going too fast: a hot partition or an account limit.`,
      metric: sum(allTables(tables).flatMap(throttles)),
      above: 10,
      minutes: 5,
    },
    {
      name: `stream-unread-${name}`,
      means: `Nobody reads the change feed of ${name}: its facts reach nobody, and after a day they are gone from it.`,
      metric: readsOfStream(tables.events),
      above: 1,
      below: true,
      minutes: 15,
      silenceIsBad: true,
    },
  ])
}

/** Streams tell no age to readers of their own kind (only Lambda's have one); that they are read is told. */
function readsOfStream({ tableName, tableStreamArn = '' }: ITable): IMetric {
  // arn:aws:dynamodb:region:account:table/NAME/stream/LABEL
  const StreamLabel = Fn.select(3, Fn.split('/', tableStreamArn))
  return new Metric({
    ...{ namespace: 'AWS/DynamoDB', metricName: 'SuccessfulRequestLatency' },
    dimensionsMap: { TableName: tableName, StreamLabel, Operation: 'GetRecords' },
    ...{ ...minute, statistic: Stats.SAMPLE_COUNT },
  })
}

function throttles({ tableName }: ITable): readonly IMetric[] {
  return ['ReadThrottleEvents', 'WriteThrottleEvents'].map(
    (metricName) =>
      new Metric({
        ...{ namespace: 'AWS/DynamoDB', metricName, dimensionsMap: { TableName: tableName } },
        ...{ ...minute, statistic: Stats.SUM },
      }),
  )
}

function sum(metrics: readonly IMetric[]): IMetric {
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]))
  return new MathExpression({ expression: 'SUM(METRICS())', usingMetrics, ...minute, label: 'throttles' })
}

/** What heads see: faults and slowness. And whether anybody is there at all. */
export function watchServices({ front, gateway, subgraphs, lake, reactions }: Services): readonly Watched[] {
  return [
    {
      name: 'front-5xx',
      means: 'Heads get 5xx. /readyz of the gateway and its log say which part.',
      metric: front.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, {
        ...minute,
        statistic: Stats.SUM,
      }),
      above: 10,
      minutes: 5,
    },
    {
      name: 'front-p99',
      means: 'One request in a hundred takes more than a second.',
      metric: gateway.targets.metrics.targetResponseTime({ ...minute, statistic: Stats.percentile(99) }),
      above: 1,
      minutes: 5,
    },
    {
      name: 'gateway-cpu',
      means: 'The gateways are busy though there may be more of them: raise `most`.',
      metric: gateway.service.metricCpuUtilization(minute),
      above: 85,
      minutes: 10,
    },
    ...Object.entries(subgraphs).flatMap(([name, service]) =>
      watchTask(name, service, 'its fields are null'),
    ),
    ...Object.entries(reactions).flatMap(([name, reaction]) => watchReactions(name, reaction)),
    ...watchTask('lake', lake, 'facts wait in its queue, for two weeks at most'),
  ]
}

function watchTask(name: string, service: FargateService, meanwhile: string): readonly Watched[] {
  return [
    {
      name: `cpu-${name}`,
      means: `${name} is busy, and there is one of it: give it a bigger size.`,
      metric: service.metricCpuUtilization(minute),
      above: 85,
      minutes: 10,
    },
    {
      name: `gone-${name}`,
      means: `${name} does not run: ${meanwhile}. See the service’s events and its log.`,
      metric: service.metricMemoryUtilization({ ...minute, statistic: Stats.SAMPLE_COUNT }),
      above: 1,
      below: true,
      minutes: 5,
      silenceIsBad: true,
    },
  ]
}

export function watchEngines(graph: Graph, cache: Cache): readonly Watched[] {
  return [
    {
      name: 'graph-cpu',
      means: 'Neptune is busy: recommendations get slow. Give it a bigger class or another reader.',
      metric: neptune(graph, 'CPUUtilization'),
      above: 80,
      minutes: 10,
    },
    {
      name: 'graph-errors',
      means: 'Neptune answers queries with errors of its own.',
      metric: neptune(graph, 'TotalServerErrorsPerSec'),
      above: 1,
      minutes: 5,
    },
    {
      name: 'graph-waiting',
      means: 'Queries wait for Neptune to have time for them.',
      metric: neptune(graph, 'MainRequestQueuePendingRequests'),
      above: 50,
      minutes: 5,
    },
    {
      name: 'cache-evictions',
      means: 'The shared cache is too small: it throws away what is still wanted.',
      metric: sum(cache.nodes.map(evictions)),
      above: 1000,
      minutes: 10,
    },
  ]
}

function evictions(CacheClusterId: string): IMetric {
  const dimensionsMap = { CacheClusterId }
  return new Metric({
    namespace: 'AWS/ElastiCache',
    metricName: 'Evictions',
    dimensionsMap,
    statistic: Stats.SUM,
    ...minute,
  })
}

function neptune({ clusterId }: Graph, metricName: string): Metric {
  const dimensionsMap = { DBClusterIdentifier: clusterId }
  return new Metric({
    namespace: 'AWS/Neptune',
    metricName,
    dimensionsMap,
    statistic: Stats.AVERAGE,
    ...minute,
  })
}
