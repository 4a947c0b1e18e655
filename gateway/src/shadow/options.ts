import { err, ok, type Result } from '@stoa/platform/result'
import { readArgs, textOption } from '../serve/read-args.ts'

export interface ShadowOptions {
  readonly help: boolean
  /** What answers today, and what is to answer tomorrow. */
  readonly a: string
  readonly b: string
  /** Path of the requests, one JSON object a line. */
  readonly requests: string
  readonly headers: Readonly<Record<string, string>>
  readonly atOnce: number
}

export const helpText: string = `Usage: npm run shadow -- --a URL --b URL --requests FILE [options]

  --a URL            what answers today
  --b URL            what is to answer tomorrow; both are asked the same, side by side
  --requests FILE    a JSON object a line, as it is sent: {"query": "query …", "variables": {…}}; queries only
  --header 'N: V'    sent with each request; once for each
  --at-once N        so many requests under way, 1 to 64 (default 4)
  --help             this text

It ends with how many answers are the same, and exits 1 when one is not.
`

const flags = {
  a: { type: 'string' },
  b: { type: 'string' },
  requests: { type: 'string' },
  header: { type: 'string', multiple: true },
  'at-once': { type: 'string' },
  help: { type: 'boolean' },
} as const

/** All problems at once, each saying what was expected, what came and what would do. */
export function parseShadowOptions(args: readonly string[]): Result<ShadowOptions, readonly string[]> {
  const said = readArgs(args, flags)
  const { problems } = said
  problems.push(...said.positionals.map((text) => `${JSON.stringify(text)}: expected only options.`))
  const url = (name: 'a' | 'b'): string => {
    const text = textOption(said, name, { example: 'http://127.0.0.1:4000/graphql' }) ?? ''
    if (said.has(name) && !/^https?:$/.test(URL.parse(text)?.protocol ?? ''))
      problems.push(`--${name}: expected an http: or https: URL, got ${JSON.stringify(text)}.`)
    return text
  }
  const options: ShadowOptions = {
    help: said.has('help'),
    a: url('a'),
    b: url('b'),
    requests: textOption(said, 'requests', { example: './requests.jsonl' }) ?? '',
    headers: headersOf(said.valuesOf('header'), problems),
    atOnce: atOnceOf(said.valuesOf('at-once').at(-1), problems),
  }
  if (options.help) return ok(options)
  const missing = (['a', 'b', 'requests'] as const).filter((name) => !said.has(name))
  problems.push(...missing.map((name) => `--${name}: expected it, got none. --help lists the options.`))
  return problems.length > 0 ? err(problems) : ok(options)
}

function headersOf(
  values: readonly (string | undefined)[],
  problems: string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    values.flatMap((value) => {
      const [, name, text] = /^([\w-]+):\s*(.+)$/.exec(value ?? '') ?? []
      if (name !== undefined && text !== undefined) return [[name.toLowerCase(), text] as const]
      // The value may be a credential: it is not repeated.
      problems.push("--header: expected 'NAME: VALUE'. Example: --header 'x-market: IT'")
      return []
    }),
  )
}

function atOnceOf(value: string | undefined, problems: string[]): number {
  const number = Number(value ?? 4)
  if (Number.isInteger(number) && number >= 1 && number <= 64) return number
  problems.push(
    `--at-once: expected a whole number from 1 to 64, got ${JSON.stringify(value)}. Example: --at-once 4`,
  )
  return 1
}
