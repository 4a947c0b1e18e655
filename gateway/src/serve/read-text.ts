import { readFile } from 'node:fs/promises'
import { Fault } from '@stoa/platform/fault'

/** A file named on the command line. Throws BAD_CONFIG, naming the option. */
export async function readText(path: string, option: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    throw new Fault('BAD_CONFIG', `${option}: expected a readable file, got ${path} (${code}).`, { cause })
  }
}
