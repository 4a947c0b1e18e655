import type { Fault } from '@stoa/platform/fault'

/** Says on standard error why nothing was started, or why it goes on no more; answers the exit code. */
export function complain(problems: readonly string[], what = 'Stoa did not start.'): number {
  const lines = problems.map((problem) => `  ${problem.replaceAll('\n', '\n  ')}`)
  process.stderr.write(`\n${what}\n${lines.join('\n')}\n`)
  process.stderr.write('\n  npm start -- --help lists the options, npm run doctor looks at this machine.\n')
  return 1
}

/** What a person needs of a fault; the stack only where it is a bug of ours. */
export function explain(fault: Fault): readonly string[] {
  const cause = fault.code === 'INTERNAL' && fault.cause instanceof Error ? [fault.cause.stack ?? ''] : []
  return [`${fault.code}: ${fault.message}`, ...cause]
}
