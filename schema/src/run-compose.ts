import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { composeSupergraph } from './compose.ts'
import type { CompositionProblem, SubgraphSource } from './composition-problem.ts'

const USAGE = `Usage: npm run compose -- NAME=FILE[@URL] … [--out FILE]

  NAME=FILE[@URL]  a subgraph: its name, its SDL, and where it answers; once for each
  --out FILE       where the supergraph is written (default: standard output)
  --help           this text
`

/** What to write, where (absent: standard output); or a line for each mistake. */
export interface Composed {
  readonly text: string
  readonly problems: readonly string[]
}

/** `npm run compose`: one supergraph out of files. Writes the one it is told to. */
export async function runCompose(args: readonly string[]): Promise<Composed> {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: { out: { type: 'string' }, help: { type: 'boolean' } },
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  if (values.help === true) return { text: USAGE, problems: [] }
  const unknown = tokens.flatMap((token) =>
    token.kind === 'option' && token.name !== 'out'
      ? [`${token.rawName}: there is no such option. Known: --out, --help.`]
      : [],
  )
  const read = await Promise.all(positionals.map(readSource))
  const problems = [
    ...unknown,
    ...outProblems(values.out),
    ...nameProblems(positionals),
    ...read.flatMap((one) => one.problems),
  ]
  if (problems.length > 0) return { text: '', problems }
  const result = composeSupergraph(read.flatMap(({ source }) => source ?? []))
  if (!result.ok) return { text: '', problems: result.error.map(lineOf) }
  return typeof values.out === 'string'
    ? await write(values.out, result.value.supergraph)
    : { text: result.value.supergraph, problems: [] }
}

function outProblems(out: string | boolean | undefined): readonly string[] {
  return out === undefined || (typeof out === 'string' && out !== '')
    ? []
    : ['--out: expected a file. Example: --out supergraph.graphql']
}

function nameProblems(given: readonly string[]): readonly string[] {
  if (given.length === 0) return [`Expected a subgraph or more, got none. ${EXAMPLE}`]
  const names = given.map((one) => one.split('=')[0] ?? '')
  const twice = new Set(names.filter((name, i) => names.indexOf(name) !== i))
  return [...twice].map((name) => `${name}: expected one subgraph of this name, got several.`)
}

const EXAMPLE = 'Example: reviews=./reviews.graphql@http://127.0.0.1:4102/graphql'

interface Read {
  readonly source?: SubgraphSource
  readonly problems: readonly string[]
}

async function readSource(given: string): Promise<Read> {
  const [, name = '', file = '', url] = /^([^=]+)=(.+?)(?:@(\w+:\/\/.*))?$/.exec(given) ?? []
  if (name === '')
    return { problems: [`Expected NAME=FILE or NAME=FILE@URL, got ${JSON.stringify(given)}. ${EXAMPLE}`] }
  if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    return { problems: [`${name}: expected an http: or https: URL, got ${JSON.stringify(url)}. ${EXAMPLE}`] }
  try {
    const sdl = await readFile(file, 'utf8')
    return { source: { name, sdl, file, ...(url !== undefined && { url }) }, problems: [] }
  } catch {
    return { problems: [`${name}: expected a readable file, got ${file}.`] }
  }
}

async function write(out: string, supergraph: string): Promise<Composed> {
  try {
    await writeFile(out, supergraph)
    return { text: `wrote ${out}\n`, problems: [] }
  } catch {
    return { text: '', problems: [`--out: expected a file that can be written, got ${out}.`] }
  }
}

function lineOf({ code, file, line, message, hint }: CompositionProblem): string {
  const where = file === undefined ? '' : ` at ${file}${line === undefined ? '' : `:${line}`}`
  return `${code}${where}: ${message} ${hint}`
}
