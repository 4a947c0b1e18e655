import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { A_MINUTE, type Watched } from './alarms.ts'

const sum = { period: A_MINUTE, statistic: Stats.SUM }

/** How long events wait is told by their consumers' own queues, as without Lambda. */
export function watchReactions(name: string, reaction: IFunction): readonly Watched[] {
  return [
    {
      name: `failing-reactions-${name}`,
      means: `The function that reacts for ${name} fails: events wait. Its log has a code: docs/errors.md says what to do.`,
      metric: reaction.metricErrors(sum),
      above: 0,
      minutes: 3,
    },
    {
      name: `throttled-reactions-${name}`,
      // One at a time is what was asked for: a bell that rings meanwhile is refused, and comes again.
      means: `The function that reacts for ${name} is never free: it has more to do than one can. Let its task react again, or give it more memory.`,
      metric: reaction.metricThrottles(sum),
      above: 100,
      minutes: 15,
    },
    {
      name: `gone-reactions-${name}`,
      means: `Nobody invokes the function that reacts for ${name}: see its schedule and its wake queue.`,
      metric: reaction.metricInvocations(sum),
      above: 1,
      below: true,
      minutes: 5,
      silenceIsBad: true,
    },
  ]
}
