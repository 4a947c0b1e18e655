import { parseArgs } from 'node:util'
import { err, ok, type Result } from '@stoa/platform/result'
import { type StackName, stackNames } from '../stacks/stack-name.ts'

export const busCommands = ['consumers', 'dead-letters', 'redrive', 'discard', 'replay', 'archive'] as const
export type BusCommand = (typeof busCommands)[number]

export interface BusOptions {
  readonly command: BusCommand
  readonly stack: StackName
  readonly persist?: string
  readonly consumer?: string
  readonly ids?: readonly string[]
  /** 1 to 1,000. */
  readonly limit: number
  /** Epoch milliseconds, inclusive. */
  readonly from?: number
  /** Epoch milliseconds, exclusive. */
  readonly to?: number
}

export const busHelp: string = `Usage: npm run bus -- COMMAND [options]

  consumers            how each consumer is doing: events not handled yet, streams that wait, dead letters
  dead-letters         what was given up on, oldest first, with its error
  redrive              gives dead letters to their consumer again, in order
  discard              forgets dead letters for good; needs --consumer or --id
  replay               tells one consumer archived facts again; needs --consumer
  archive              every fact, oldest first

  --persist DIR        the folder of an embedded shop, running or not
  --stack NAME         open or aws: the bus that the environment names
  --consumer NAME      of this consumer only
  --id ID              this dead letter only; once for each
  --limit N            at most so many, 1 to 1,000 (default 100); not for replay
  --from, --to TIME    of facts that happened in this time, from inclusive, to exclusive: 2026-11-21T08:00:00Z
  --help               this text

Each line of the answer is a JSON object.
`

const string = { type: 'string' } as const
const flags = {
  persist: string,
  stack: string,
  consumer: string,
  id: { type: 'string', multiple: true },
  limit: string,
  from: string,
  to: string,
  help: { type: 'boolean' },
} as const

/** All problems at once; 'help' when that is what is asked for. */
export function parseBusOptions(args: readonly string[]): Result<BusOptions | 'help', readonly string[]> {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (reason) {
    return err([reason instanceof Error ? reason.message : String(reason)])
  }
  const { values, positionals } = parsed
  if (values.help) return ok('help')
  const problems: string[] = []
  const options = {
    command: commandOf(positionals, problems),
    stack: stackOf(values, problems),
    limit: limitOf(values.limit, problems),
    ...optional('persist', values.persist),
    ...optional('consumer', values.consumer),
    ...optional('ids', values.id),
    ...optional('from', timeOf('from', values.from, problems)),
    ...optional('to', timeOf('to', values.to, problems)),
  }
  problems.push(...missing(options))
  return problems.length > 0 ? err(problems) : ok(options)
}

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options: flags, allowPositionals: true })
}

function optional<Name extends string, T>(name: Name, value: T | undefined): { readonly [N in Name]?: T } {
  // A computed key is any text to the compiler.
  return value === undefined ? {} : ({ [name]: value } as { readonly [N in Name]?: T })
}

function commandOf(positionals: readonly string[], problems: string[]): BusCommand {
  const known = busCommands.find((command) => command === positionals[0])
  if (known && positionals.length === 1) return known
  const got = positionals.length === 0 ? 'none' : JSON.stringify(positionals.join(' '))
  problems.push(`Expected one command (${busCommands.join(', ')}), got ${got}.`)
  return 'consumers'
}

function stackOf({ stack, persist }: { stack?: string; persist?: string }, problems: string[]): StackName {
  const known = stackNames.find((name) => name === (stack ?? 'embedded'))
  if (!known) problems.push(`--stack: expected open or aws, got ${JSON.stringify(stack)}.`)
  if (known === 'embedded' && persist === undefined)
    problems.push('Expected --persist DIR, the folder of an embedded shop, or --stack NAME; got neither.')
  return known ?? 'embedded'
}

function limitOf(text: string | undefined, problems: string[]): number {
  const limit = Number(text ?? 100)
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1000) return limit
  problems.push(
    `--limit: expected a whole number from 1 to 1000, got ${JSON.stringify(text)}. Example: --limit 100`,
  )
  return 1
}

function timeOf(name: string, text: string | undefined, problems: string[]): number | undefined {
  if (text === undefined) return undefined
  const time = Date.parse(text)
  if (Number.isNaN(time))
    problems.push(
      `--${name}: expected a time, got ${JSON.stringify(text)}. Example: --${name} 2026-11-21T08:00:00Z`,
    )
  return time
}

function missing({ command, consumer, ids }: BusOptions): readonly string[] {
  if (command === 'replay' && consumer === undefined) return ['replay: expected --consumer NAME, got none.']
  const isWide = command === 'discard' && consumer === undefined && ids === undefined
  return isWide
    ? ['discard: expected --consumer NAME or --id ID, got neither: nothing brings them back.']
    : []
}
