import { createLog, type Log, type LogFields, type LogOptions } from '@stoa/platform/log'

/** On standard error: words where a person looks on, else JSON lines from `level` on. */
export function openLog(level: LogOptions['level'], name = 'stoa'): Log {
  if (!process.stderr.isTTY) return createLog({ name, level })
  return createTerminalLog((line) => process.stderr.write(line))
}

/** From `warn` on, for somebody who reads along in a terminal; programs get JSON lines instead. */
export function createTerminalLog(write: (line: string) => void, context: LogFields = {}): Log {
  const say =
    (mark: string) =>
    (fields: LogFields, message: string): void =>
      write(`  ${mark} ${message}${detail({ ...context, ...fields })}\n`)
  return {
    debug: () => {},
    info: () => {},
    warn: say('!'),
    error: say('✖'),
    child: (fields) => createTerminalLog(write, { ...context, ...fields }),
  }
}

/** Who it was about, what was wrong and when it is tried again, as far as the line says. */
function detail(fields: LogFields): string {
  const { err, waitMs } = fields
  const fault = typeof err === 'object' && err !== null && 'message' in err ? err.message : undefined
  const who = ['consumer', 'subgraph', 'stream', 'code', 'correlationId'].map((name) => fields[name])
  const wait = typeof waitMs === 'number' ? `again in ${(waitMs / 1000).toFixed(1)} s` : undefined
  const told = [who.filter((text) => text !== undefined).join(' '), fields['reason'] ?? fault, wait]
  const parts = told.filter((text) => text !== undefined && text !== '')
  return parts.length === 0 ? '' : `\n      ${parts.join(' · ')}`
}
