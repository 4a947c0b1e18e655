import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { err, ok, type Result } from '@stoa/platform/result'

export type GraphOptions =
  | { readonly command: 'export'; readonly to: string; readonly persist?: string }
  | { readonly command: 'import'; readonly from: string }

export const graphHelp: string = `Usage: npm run graph -- export --to DIR [--persist SHOP]
       npm run graph -- import --from DIR

  export         writes the recommendation graph as vertices.csv and edges.csv, as Neptune's bulk loader takes them
  import         loads such files where there is no bulk loader; doing it again changes nothing

  --to DIR       a folder without an export; one that broke off is begun anew
  --from DIR     the folder of an export
  --persist SHOP the folder of an embedded shop, which keeps its graph in rows; without it GRAPH_URL (and GRAPH_REGION) name
                 the graph database
  --help         this text

Let no orders be taken in meanwhile: stop the recommendation subgraph, orders wait on the bus. How far it is goes to
standard error, the last line of standard output is JSON.
`

const string = { type: 'string' } as const
const flags = { to: string, from: string, persist: string, help: { type: 'boolean' } } as const

/** All problems at once; 'help' when that is what is asked for. */
export function parseGraphOptions(args: readonly string[]): Result<GraphOptions | 'help', readonly string[]> {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (reason) {
    return err([reason instanceof Error ? reason.message : String(reason)])
  }
  const { values, positionals } = parsed
  if (values.help) return ok('help')
  const [command] = positionals
  if (positionals.length !== 1 || (command !== 'export' && command !== 'import')) {
    const got = positionals.length === 0 ? 'none' : JSON.stringify(positionals.join(' '))
    return err([`Expected one command (export, import), got ${got}.`])
  }
  return command === 'export' ? exportOptions(values) : importOptions(values)
}

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options: flags, allowPositionals: true })
}

type Values = Readonly<Partial<Record<'to' | 'from' | 'persist', string>>>

function exportOptions({ to, from, persist }: Values): Result<GraphOptions, readonly string[]> {
  const problems = [
    ...(to ? [] : ['export: expected --to DIR, a folder without an export; got none.']),
    ...(from === undefined ? [] : ['export: expected no --from; --persist names the shop to export from.']),
  ]
  if (problems.length > 0 || !to) return err(problems)
  return ok({ command: 'export', to: resolve(to), ...(persist && { persist: resolve(persist) }) })
}

function importOptions({ to, from, persist }: Values): Result<GraphOptions, readonly string[]> {
  const problems = [
    ...(from ? [] : ['import: expected --from DIR, the folder of an export; got none.']),
    ...(to === undefined ? [] : ['import: expected no --to; GRAPH_URL names the database to import into.']),
    ...(persist === undefined
      ? []
      : ['import: expected no --persist; an embedded shop learns its graph from its orders, by a replay.']),
  ]
  return problems.length > 0 || !from ? err(problems) : ok({ command: 'import', from: resolve(from) })
}
