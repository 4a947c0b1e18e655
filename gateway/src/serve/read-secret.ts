import { Fault } from '@stoa/platform/fault'
import { readText } from './read-text.ts'

/**
 * What signs the context of each sub-request: the file's text without space around it. Undefined without a path.
 * Throws BAD_CONFIG, which never shows the secret.
 */
export async function readSecret(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined
  const secret = (await readText(path, '--secret-file')).trim()
  if (secret.length >= FEWEST) return secret
  throw new Fault(
    'BAD_CONFIG',
    `--secret-file: expected ${FEWEST} characters or more in ${path}, got ${secret.length}. Make one with: openssl rand -hex 32`,
  )
}

const FEWEST = 32
