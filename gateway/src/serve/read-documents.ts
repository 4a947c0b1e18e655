import { Fault } from '@stoa/platform/fault'
import { readText } from './read-text.ts'

/** `{"sha256:<hex>": "query …"}`; whether ids and texts agree is for the gateway to check. */
export async function readDocuments(path: string | undefined): Promise<ReadonlyMap<string, string>> {
  if (path === undefined) return new Map()
  const documents = Object.entries(parseObject(await readText(path, '--trusted'), path))
  const broken = documents.filter(([, text]) => typeof text !== 'string').map(([id]) => id)
  if (broken.length > 0)
    throw new Fault(
      'BAD_CONFIG',
      `--trusted: expected texts in ${path}, got something else for ${broken.join(', ')}.`,
    )
  return new Map(documents.map(([id, text]) => [id, String(text)]))
}

function parseObject(text: string, path: string): object {
  const value = parseJson(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new Fault('BAD_CONFIG', `--trusted: expected a JSON object of documents by id in ${path}.`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
