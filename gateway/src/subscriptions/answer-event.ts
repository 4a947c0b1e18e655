import { childTraceparent } from '@stoa/platform/traceparent'
import { jsonOf, textOf } from '../answer-response.ts'
import type { Subscribing } from './subscribing.ts'

/** Runs what follows from an event, within a deadline of its own. Answers JSON, one character for each byte. */
export async function answerEvent(subscribing: Subscribing, bytes: Buffer): Promise<string> {
  const { pipeline, planned, source, variables } = subscribing
  const context = {
    ...subscribing.context,
    traceparent: childTraceparent(subscribing.context.traceparent, pipeline.random),
    deadline: pipeline.clock.now() + pipeline.limits.deadlineMs,
  }
  const answer = await planned.executable.run({ variables, context, event: { node: source, bytes } })
  if ('json' in answer) return textOf(answer.json)
  const { data, errors } = answer
  return jsonOf({ body: { data, ...(errors.length > 0 && { errors }) } })
}
