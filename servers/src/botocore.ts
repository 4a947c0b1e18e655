import { join } from 'node:path'
import { fetchPython } from './fetch-once.ts'

const VERSION = '1.44.5'

/** The Python that has AWS's own SDK, with the models of all its services; fetched where it is not there yet. */
export async function findBotocore(): Promise<string> {
  return join(await fetchPython('botocore', [`botocore==${VERSION}`]), 'bin', 'python')
}
