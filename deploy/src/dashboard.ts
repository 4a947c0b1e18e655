import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch'
import { HttpCodeTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import type { Construct } from 'constructs'
import { A_MINUTE } from './alarms.ts'
import type { Environment } from './environment.ts'
import type { ConsumerQueue } from './queues.ts'
import type { Services } from './services.ts'

export interface DashboardParts {
  readonly environment: Environment
  readonly alarms: readonly Alarm[]
  readonly services: Services
  readonly queues: readonly ConsumerQueue[]
}

/** What a person wants to know at a glance: what is wrong, what heads see, what waits, who is busy. */
export function createDashboard(scope: Construct, parts: DashboardParts): void {
  const { environment, alarms, services, queues } = parts
  const dashboard = new Dashboard(scope, 'Dashboard', { dashboardName: `stoa-${environment.name}` })
  dashboard.addWidgets(
    new AlarmStatusWidget({ title: 'What is wrong', alarms: [...alarms], width: 24, height: 6 }),
  )
  dashboard.addWidgets(...frontWidgets(services))
  dashboard.addWidgets(
    graph(
      'Events that wait (oldest, seconds)',
      queues.map(({ queue }) => queue.metricApproximateAgeOfOldestMessage(max)),
    ),
    graph(
      'Dead letters',
      queues.map(({ dead }) => dead.metricApproximateNumberOfMessagesVisible(max)),
    ),
    graph('Cores in use (%)', [
      services.gateway.service.metricCpuUtilization(minute),
      ...[...Object.values(services.subgraphs), services.lake].map((service) =>
        service.metricCpuUtilization(minute),
      ),
    ]),
  )
}

const minute = { period: A_MINUTE }
const max = { ...minute, statistic: Stats.MAXIMUM }

function frontWidgets({ front, gateway }: Services): readonly GraphWidget[] {
  const time = (p: number): IMetric =>
    gateway.targets.metrics.targetResponseTime({ ...minute, statistic: Stats.percentile(p) })
  return [
    graph('Requests', [front.metrics.requestCount({ ...minute, statistic: Stats.SUM })]),
    graph('Answers in seconds: p50, p95, p99', [time(50), time(95), time(99)]),
    graph('5xx', [
      front.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, { ...minute, statistic: Stats.SUM }),
    ]),
  ]
}

function graph(title: string, left: readonly IMetric[]): GraphWidget {
  return new GraphWidget({ title, left: [...left], width: 8, height: 6 })
}
