import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { Fault } from '@stoa/platform/fault'

/** What is handed to the process that checks. */
export interface SupergraphToCheck {
  readonly supergraph: string
  /** For messages. */
  readonly path: string
  readonly urls: ReadonlyMap<string, string>
}

const main = fileURLToPath(new URL('./check-main.ts', import.meta.url))
const PATIENCE_MS = 60_000

/**
 * Throws BAD_SCHEMA unless the supergraph can be served. In a process of its own: the planner is native code, and
 * some supergraphs that contradict themselves end the whole process that opens one.
 */
export async function checkSupergraph({ supergraph, path, urls }: SupergraphToCheck): Promise<void> {
  const child = spawn(process.execPath, [main], { timeout: PATIENCE_MS, killSignal: 'SIGKILL' })
  // A child that ended early reads no more; how it ended is looked at below.
  child.stdin.on('error', () => {}).end(JSON.stringify({ supergraph, path, urls: [...urls] }))
  const [said, complaint, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  if (code === 0 && said === '') return
  throw new Fault('BAD_SCHEMA', code === 0 ? said : `${CRASHED} (${signal ?? code}): ${gistOf(complaint)}`)
}

const CRASHED = 'The planner cannot open this supergraph; it ended the process that checks'

/** A panic of the planner says where it stood, then why; what follows is a stack. */
function gistOf(complaint: string): string {
  const lines = complaint.split('\n').filter((line) => line.trim() !== '')
  const panic = lines.findIndex((line) => line.includes('panicked at'))
  return (lines[panic + 1] ?? 'it did not say why').slice(0, 500)
}
