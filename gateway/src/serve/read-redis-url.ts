import { Fault } from '@stoa/platform/fault'
import { readText } from './read-text.ts'

/** Throws BAD_CONFIG, which never shows what was found: there may be a password in it. */
export async function readRedisUrl(path: string): Promise<string> {
  const url = (await readText(path, '--redis-file')).trim()
  if (/^rediss?:$/.test(URL.parse(url)?.protocol ?? '')) return url
  throw new Fault('BAD_CONFIG', `--redis-file: expected a URL in ${path}, as redis://127.0.0.1:6379.`)
}
