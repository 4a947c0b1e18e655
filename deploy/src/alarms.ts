import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { Construct } from 'constructs'
import type { Environment } from './environment.ts'

/** One thing that somebody must look at. */
export interface Watched {
  readonly name: string
  /** What it means and what to do, for whoever is woken. */
  readonly means: string
  readonly metric: IMetric
  readonly above: number
  /** How many minutes in a row. */
  readonly minutes: number
  /** Silence is as bad as a breach, where something must be heard all the time. */
  readonly silenceIsBad?: boolean
  /** For what must not fall: the alarm is below, not above. */
  readonly below?: boolean
}

export interface AlarmParts {
  readonly environment: Environment
  readonly key: IKey
}

/** An alarm each, all to one topic. */
export function createAlarms(
  scope: Construct,
  { environment, key }: AlarmParts,
  watched: readonly Watched[],
): readonly Alarm[] {
  const topic = new Topic(scope, 'Alarms', {
    topicName: `stoa-${environment.name}-alarms`,
    masterKey: key,
    enforceSSL: true,
  })
  if (environment.alarmEmail !== undefined)
    topic.addSubscription(new EmailSubscription(environment.alarmEmail))
  const action = new SnsAction(topic)
  return watched.map((one) => {
    const alarm = new Alarm(scope, `alarm-${one.name}`, {
      alarmName: `stoa-${environment.name}-${one.name}`,
      alarmDescription: one.means,
      metric: one.metric,
      threshold: one.above,
      evaluationPeriods: one.minutes,
      comparisonOperator: one.below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: one.silenceIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    })
    alarm.addAlarmAction(action)
    alarm.addOkAction(action)
    return alarm
  })
}

export const A_MINUTE: Duration = Duration.minutes(1)
