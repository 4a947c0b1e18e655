import { fileURLToPath } from 'node:url'
import { toFault } from '@stoa/platform/fault'
import { err, ok, type Result } from '@stoa/platform/result'
import { readText } from '../serve/read-text.ts'
import { explain } from './explain.ts'
import { helpText, parseExplainOptions } from './options.ts'
import { writeExplanation } from './write-explanation.ts'

/** `npm run explain`: what to say, or a line for each mistake. */
export async function runExplain(args: readonly string[]): Promise<Result<string, readonly string[]>> {
  const { options, problems } = parseExplainOptions(args)
  if (options.help) return ok(helpText)
  const supergraphFile = options.supergraph ?? COMMITTED
  const [document, supergraph] = await Promise.all([
    options.file === '' ? ok('') : readOr(options.file, 'FILE'),
    readOr(supergraphFile, '--supergraph'),
  ])
  const wrong = [...problems, ...[document, supergraph].flatMap((read) => (read.ok ? [] : [read.error]))]
  if (wrong.length > 0 || !document.ok || !supergraph.ok) return err(wrong)
  try {
    const explained = explain({
      ...{ document: document.value, file: options.file },
      ...{ supergraph: supergraph.value, supergraphFile },
      ...{ operationName: options.operation, variables: options.variables },
      over: options.inProcess ? 'objects' : 'bytes',
    })
    return explained.ok ? ok(writeExplanation(explained.value)) : explained
  } catch (reason) {
    const { code, message } = toFault(reason)
    return err([`${code}: ${message}`])
  }
}

const COMMITTED = fileURLToPath(new URL('../../../schema/supergraph.graphql', import.meta.url))

async function readOr(path: string, option: string): Promise<Result<string, string>> {
  try {
    return ok(await readText(path, option))
  } catch (reason) {
    return err(toFault(reason).message)
  }
}
