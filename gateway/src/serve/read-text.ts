import { readFile } from 'node:fs/promises'
import { Fault } from '@stoa/platform/fault'

/** A file named on the command line. Throws BAD_CONFIG, naming the option. */
export async function readText(path: string, option: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const code =
      typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : String(cause)
    const why = REASONS[code] ?? `it cannot be read (${code})`
    throw new Fault('BAD_CONFIG', `${option}: expected a readable file, got ${path}: ${why}.`, { cause })
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
}
