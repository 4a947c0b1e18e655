import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { A_MINUTE, type Watched } from './alarms.ts'
import type { Environment } from './environment.ts'

/** Lines of level `error` and above, as pino numbers them: each is a fault that somebody should see. */
export function watchErrors(
  scope: Construct,
  { name }: Environment,
  logs: Readonly<Record<string, ILogGroup>>,
): readonly Watched[] {
  return Object.entries(logs).map(([role, logGroup]) => {
    const filter = new MetricFilter(scope, `errors-of-${role}`, {
      logGroup,
      filterPattern: FilterPattern.numberValue('$.level', '>=', 50),
      metricNamespace: 'Stoa',
      metricName: `errors-${name}-${role}`,
    })
    return {
      name: `errors-${role}`,
      means: `${role} logs faults. Each has a code: docs/errors.md says what to do.`,
      metric: filter.metric({ period: A_MINUTE, statistic: Stats.SUM }),
      above: 5,
      minutes: 5,
    }
  })
}
