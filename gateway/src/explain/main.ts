import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { explain } from './explain.ts'
import { writeExplanation } from './write-explanation.ts'

const USAGE = `Usage: npm run explain -- FILE [options]

  FILE                one GraphQL document
  --supergraph FILE   the composed supergraph (default: schema/supergraph.graphql of this project)
  --operation NAME    which operation of the document
  --variables JSON    variables that decide conditions: {"detail": true}
  --in-process        functions as for subgraphs in the gateway's own process: over objects, not bytes
  --help              this text
`

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      supergraph: { type: 'string' },
      operation: { type: 'string' },
      variables: { type: 'string' },
      'in-process': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  const [file, ...more] = positionals
  if (values.help || file === undefined || more.length > 0) {
    process.stdout.write(USAGE)
    return values.help ? 0 : 1
  }
  const explained = explain({
    document: await readFile(file, 'utf8'),
    supergraph: await readFile(values.supergraph ?? COMMITTED, 'utf8'),
    operationName: values.operation,
    variables: JSON.parse(values.variables ?? '{}'),
    over: values['in-process'] ? 'objects' : 'bytes',
  })
  process.stdout.write(writeExplanation(explained))
  return 0
}

const COMMITTED = new URL('../../../schema/supergraph.graphql', import.meta.url)

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (reason) {
  process.stderr.write(`${reason instanceof Error ? reason.message : String(reason)}\n\n${USAGE}`)
  process.exitCode = 1
}
