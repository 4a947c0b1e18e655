import cluster from 'node:cluster'
import { type Fault, toFault } from '@stoa/platform/fault'
import { createLog, type Log } from '@stoa/platform/log'
import { untilStopped } from '@stoa/platform/until-stopped'
import { parseSupergraph, subgraphsOf } from '../planner/subgraphs-of.ts'
import { readyText, tellEnd } from './banner.ts'
import { followSupergraph } from './follow-supergraph.ts'
import { checkLabels } from './labels.ts'
import { openWorkers } from './open-workers.ts'
import { helpText, namedFiles, parseServeOptions, type ServeOptions } from './options.ts'
import { readText } from './read-text.ts'
import { runServiceWorker } from './run-worker.ts'
import { openService } from './service.ts'
import { checkNamed } from './subgraph-clients.ts'

/** `npm run gateway`: serves until told to stop. Answers the exit code; problems go to standard error. */
export async function runGateway(args: readonly string[]): Promise<number> {
  const options = parseServeOptions(args)
  if (options.ok && options.value.help) {
    process.stdout.write(helpText)
    return 0
  }
  const log = createLog({ name: 'gateway', level: process.stdout.isTTY ? 'warn' : 'info' })
  if (options.ok && cluster.isWorker) return await runServiceWorker(options.value, log)
  const problems = [...(options.ok ? [] : options.error), ...(await unreadable(namedFiles(args)))]
  if (!options.ok || problems.length > 0) return complain(problems)
  try {
    await serve(options.value, log)
    return 0
  } catch (reason) {
    return complain(explain(toFault(reason)))
  }
}

async function unreadable(files: ReturnType<typeof namedFiles>): Promise<readonly string[]> {
  const read = await Promise.allSettled(files.map(({ path, option }) => readText(path, option)))
  return read.flatMap((one) => (one.status === 'rejected' ? [toFault(one.reason).message] : []))
}

async function serve(options: ServeOptions, log: Log): Promise<void> {
  const { supergraph: path } = options
  const supergraph = await readText(path, '--supergraph')
  checkNames(options, supergraph)
  const open = options.workers > 1 ? openWorkers : openService
  {
    await using service = await open({ options, supergraph, log })
    await using _following = followSupergraph({ path, text: supergraph, options, service, log })
    process.stdout.write(readyText({ options, ...service.facts() }))
    await untilStopped()
    tellEnd(log, 'stopping')
  }
  tellEnd(log, 'stopped')
}

/** Once, at the start: a later supergraph may have less, and a worker that is started anew then must not mind. */
function checkNames(
  { supergraph: path, labels, urls, subscriptions }: ServeOptions,
  supergraph: string,
): void {
  const subgraphs = subgraphsOf(parseSupergraph(supergraph, path))
  checkNamed('--subgraph', urls, subgraphs)
  checkNamed('--subscriptions', subscriptions, subgraphs)
  checkLabels({ labels, supergraph, path })
}

function complain(problems: readonly string[]): number {
  const lines = problems.map((problem) => `  ${problem.replaceAll('\n', '\n  ')}`)
  process.stderr.write(`\nThe gateway did not start.\n${lines.join('\n')}\n`)
  process.stderr.write('\n  npm run gateway -- --help lists the options.\n')
  return 1
}

/** What a person needs of a fault; the stack only where it is a bug of ours. */
function explain(fault: Fault): readonly string[] {
  const cause = fault.code === 'INTERNAL' && fault.cause instanceof Error ? [fault.cause.stack ?? ''] : []
  return [`${fault.code}: ${fault.message}`, ...cause]
}
