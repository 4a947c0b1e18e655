import { spawn } from 'node:child_process'
import { once } from 'node:events'

const PATIENCE_MS = 60_000

/**
 * Runs a program that prints the id of each event it handled, and kills it in the middle of its work, once it has done
 * enough, or after a minute. Answers the ids.
 */
export async function handledBeforeKill(
  worker: readonly string[],
  isEnough: (ids: readonly string[]) => boolean,
): Promise<readonly string[]> {
  const child = spawn(process.execPath, worker, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  // The last line may be cut in two by the kill; what is no id is a greeting.
  const ids = (): readonly string[] =>
    said
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.includes('@'))
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (isEnough(ids())) child.kill('SIGKILL')
  })
  const impatience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
  await once(child, 'close')
  clearTimeout(impatience)
  return ids()
}

/** Per stream, the events in the order in which they were handled for the first time. */
export function firstTellings(ids: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const byStream = Map.groupBy(new Set(ids), (id) => id.split('@')[0] ?? '')
  return new Map([...byStream].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
