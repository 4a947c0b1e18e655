import { err, ok, type Result } from '@stoa/platform/result'
import { quote } from '../quote.ts'
import { readArgs, type Said, textOption } from '../serve/read-args.ts'

/** What can be said on the command line of `npm run explain`. */
export interface ExplainOptions {
  readonly help: boolean
  /** Path of one GraphQL document. */
  readonly file: string
  /** Path of the composed supergraph; absent: that of this project. */
  readonly supergraph: string | undefined
  readonly operation: string | undefined
  readonly variables: Readonly<Record<string, unknown>>
  readonly inProcess: boolean
}

export const helpText: string = `Usage: npm run explain -- FILE [options]

  FILE                one GraphQL document
  --supergraph FILE   the composed supergraph (default: schema/supergraph.graphql of this project)
  --operation NAME    which operation of the document
  --variables JSON    variables that decide conditions: {"detail": true}
  --in-process        functions as for subgraphs in the gateway's own process: over objects, not bytes
  --help              this text
`

const flags = {
  supergraph: { type: 'string' },
  operation: { type: 'string' },
  variables: { type: 'string' },
  'in-process': { type: 'boolean' },
  help: { type: 'boolean' },
} as const

type ExplainSaid = Said<keyof typeof flags>

/** What was said, as far as it can be used, and all problems of it. */
export function parseExplainOptions(args: readonly string[]): {
  readonly options: ExplainOptions
  readonly problems: readonly string[]
} {
  const said = readArgs(args, flags)
  const options = {
    help: said.has('help'),
    file: theFile(said),
    supergraph: textOption(said, 'supergraph', { example: './supergraph.graphql' }),
    operation: textOption(said, 'operation', { example: 'Products' }),
    variables: variablesOf(said),
    inProcess: said.has('in-process'),
  }
  return { options, problems: options.help ? [] : said.problems }
}

function theFile({ positionals, problems }: ExplainSaid): string {
  const [file = '', ...more] = positionals
  if (file === '') problems.push('FILE: expected a GraphQL document, got none. Example: ./products.graphql')
  // What follows an unknown option may be its value.
  else if (more.length > 0 && problems.length === 0)
    problems.push(`FILE: expected one document, got ${positionals.length}: ${positionals.join(', ')}.`)
  return file
}

function variablesOf(said: ExplainSaid): Readonly<Record<string, unknown>> {
  const text = textOption(said, 'variables', { example: EXAMPLE })
  if (text === undefined) return {}
  const read = readObject(text)
  if (read.ok) return read.value
  said.problems.push(
    `--variables: expected a JSON object, got ${quote(text)}: ${read.error}. Example: ${EXAMPLE}`,
  )
  return {}
}

const EXAMPLE = `'{"detail": true}'`

function readObject(text: string): Result<Readonly<Record<string, unknown>>, string> {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? ok({ ...value }) : err('that is JSON, but no object')
  } catch (reason) {
    return err(reason instanceof Error ? reason.message : String(reason))
  }
}
