import { parseArgs } from 'node:util'
import { err, ok, type Result } from '@stoa/platform/result'
import { type StackName, stackNames } from './stacks/stack-name.ts'

/** What can be said on the command line of `npm start` and `npm run start:split`. */
export interface StartOptions {
  readonly port: number
  /** Keep data in this folder; absent: in memory, gone at the end. */
  readonly persist?: string
  /** Keep every event in this folder or bucket (`s3://bucket/prefix`), as Parquet and JSON lines. */
  readonly lake?: string
  readonly empty: boolean
  readonly scale: number
  readonly seed: number
  /** Processes that answer the graph. */
  readonly workers: number
  /** Which engines stand behind the ports. */
  readonly stack: StackName
  readonly help: boolean
}

/** What is taken in when nobody says how much and which. */
export const defaultDemo = { scale: 1, seed: 42 } as const

export const helpText: string = `Usage: npm start -- [options]

  --port N        listen on 127.0.0.1:N (default 4000; a busy port is named and the next free one taken)
  --persist DIR   keep data in DIR, so that a restart goes on where it stopped (default: in memory)
  --lake DIR      keep every event in DIR for ever, as Parquet and JSON lines (default: nowhere); not for start:split;
                  s3://BUCKET/PREFIX for a bucket, reached as the environment of AWS says
  --empty         start without demo data; not together with --scale or --seed
  --scale N       N times the demo data, 0.1 to 50 (default 1: about 2,000 variants, 200 customers, 500 orders)
  --seed N        which demo data; the same seed gives the same bytes (default 42)
  --workers N     N processes answer the graph on that port, 1 to 256 (default 1: all in one); not for start:split
  --stack NAME    which engines: embedded (default: SQLite, nothing to install), open (PostgreSQL, Kafka, Gremlin) or
                  aws (DynamoDB, EventBridge and SQS, Neptune); those that the environment names, else local ones
  --help          this text
`

/** All problems at once, each saying what was expected, what came and what would do. */
export function parseStartOptions(args: readonly string[]): Result<StartOptions, readonly string[]> {
  const problems: string[] = []
  const values = readArgs(args, problems)
  const options: StartOptions = {
    port: numberOption(problems, values, { name: 'port', fallback: 4000, low: 0, high: 65_535, whole: true }),
    scale: numberOption(problems, values, {
      name: 'scale',
      fallback: defaultDemo.scale,
      low: 0.1,
      high: 50,
      whole: false,
    }),
    seed: numberOption(problems, values, {
      name: 'seed',
      fallback: defaultDemo.seed,
      low: 0,
      high: 4_294_967_295,
      whole: true,
    }),
    workers: numberOption(problems, values, { name: 'workers', fallback: 1, low: 1, high: 256, whole: true }),
    stack: stackOption(values['stack'], problems),
    empty: values['empty'] === true,
    help: values['help'] === true,
    ...folderOption('persist', values, problems),
    ...folderOption('lake', values, problems),
  }
  if (options.empty && (values['scale'] ?? values['seed']) !== undefined)
    problems.push(
      '--empty: there is no demo data for --scale or --seed to shape. Leave out one or the other.',
    )
  return problems.length > 0 ? err(problems) : ok(options)
}

type Values = Readonly<Record<string, string | boolean | undefined>>

function readArgs(args: readonly string[], problems: string[]): Values {
  const string = { type: 'string' } as const
  const boolean = { type: 'boolean' } as const
  const options = {
    port: string,
    persist: string,
    lake: string,
    scale: string,
    seed: string,
    workers: string,
    stack: string,
    empty: boolean,
    help: boolean,
  }
  try {
    return parseArgs({ args: joinNegatives(args), options, allowPositionals: false }).values
  } catch (reason) {
    const what = reason instanceof Error ? reason.message : String(reason)
    problems.push(
      `${what.split(/\.\s/)[0]}. Known: ${Object.keys(options)
        .map((name) => `--${name}`)
        .join(', ')}.`,
    )
    return {}
  }
}

/** `--port -1` as `--port=-1`: what begins with a dash would be taken for another option, and the range never be told. */
function joinNegatives(args: readonly string[]): string[] {
  const isValue = (at: number): boolean =>
    /^-[\d.]/.test(args[at] ?? '') && /^--[^=]+$/.test(args[at - 1] ?? '')
  return args.flatMap((arg, at) => {
    if (isValue(at)) return []
    return isValue(at + 1) ? [`${arg}=${args[at + 1]}`] : [arg]
  })
}

function folderOption(
  name: 'persist' | 'lake',
  values: Values,
  problems: string[],
): { readonly [Name in 'persist' | 'lake']?: string } {
  const value = values[name]
  if (value === undefined) return {}
  if (typeof value === 'string' && value !== '' && !value.startsWith('-')) return { [name]: value }
  problems.push(
    `--${name}: expected a folder, got ${JSON.stringify(value)}. Example: --${name} ./${EXAMPLES[name]}`,
  )
  return {}
}

const EXAMPLES = { persist: 'data', lake: 'lake' } as const

function stackOption(value: string | boolean | undefined, problems: string[]): StackName {
  if (value === undefined) return 'embedded'
  const known = stackNames.find((name) => name === value)
  if (known) return known
  const names = stackNames.join(', ')
  problems.push(`--stack: expected one of ${names}, got ${JSON.stringify(value)}. Example: --stack open`)
  return 'embedded'
}

interface NumberRule {
  readonly name: string
  readonly fallback: number
  readonly low: number
  readonly high: number
  readonly whole: boolean
}

function numberOption(problems: string[], values: Values, rule: NumberRule): number {
  const given = values[rule.name]
  if (given === undefined) return rule.fallback
  const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : Number.NaN
  const fits = value >= rule.low && value <= rule.high && (!rule.whole || Number.isInteger(value))
  if (fits) return value
  const kind = rule.whole ? 'a whole number' : 'a number'
  problems.push(
    `--${rule.name}: expected ${kind} from ${rule.low} to ${rule.high}, got ${JSON.stringify(given)}. Example: --${rule.name} ${rule.fallback}`,
  )
  return rule.fallback
}
