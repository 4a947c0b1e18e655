import { basename } from 'node:path'
import { Fault, type FaultCode, toFault } from '../fault.ts'

/**
 * What went wrong inside SQLite or on its way to the disk, as a fault that names the file (not its folder) and
 * says what to do. Anything that is not SQLite's goes through `toFault`.
 */
export function sqliteFault(reason: unknown, path: string): Fault {
  if (reason instanceof Fault) return reason
  const known = KNOWN[resultCode(reason)] ?? FOLDER[nodeCode(reason)]
  if (!known) return toFault(reason)
  const [code, advice] = known
  const detail = reason instanceof Error ? reason.message : String(reason)
  const said = FOLDER[nodeCode(reason)] ? nodeCode(reason) : detail
  return new Fault(code, `The database "${basename(path)}" ${advice} (${said})`, { cause: reason })
}

/** Whether another connection holds the lock: worth waiting a little. */
export function isBusy(reason: unknown): boolean {
  const code = resultCode(reason)
  return code === 5 || code === 6
}

type Known = readonly [code: FaultCode, advice: string]

const UNWRITABLE = 'cannot be written. Give the program a folder it may write to, then start it again.'
const CORRUPT =
  'is not a database of ours or is damaged. Put it aside and restore a copy, or start with an empty folder.'
const LOCKED = 'is locked by another process for too long. End the other one or try again.'

/** Primary result codes, https://www.sqlite.org/rescode.html */
const KNOWN: Readonly<Record<number, Known>> = {
  5: ['STORE_UNAVAILABLE', LOCKED],
  6: ['STORE_UNAVAILABLE', LOCKED],
  7: ['OVERLOADED', 'ran out of memory. Give the program more, or ask for less at once.'],
  8: ['READ_ONLY_STORE', UNWRITABLE],
  10: ['STORE_UNAVAILABLE', 'could not be read or written by the disk. Look at the disk, then start again.'],
  11: ['STORE_CORRUPT', CORRUPT],
  13: ['DISK_FULL', 'has no room left. Free some disk space; what was confirmed is safe.'],
  14: ['READ_ONLY_STORE', UNWRITABLE],
  18: ['BAD_REQUEST', 'was asked to keep something too big. Split it.'],
  23: ['READ_ONLY_STORE', UNWRITABLE],
  26: ['STORE_CORRUPT', CORRUPT],
}

/** What making the folder may say. */
const FOLDER: Readonly<Record<string, Known>> = {
  EACCES: ['READ_ONLY_STORE', UNWRITABLE],
  EEXIST: ['READ_ONLY_STORE', UNWRITABLE],
  // What Node's recursive mkdir says on a file system mounted read-only.
  ENOENT: ['READ_ONLY_STORE', UNWRITABLE],
  ENOSPC: ['DISK_FULL', 'has no room left. Free some disk space; what was confirmed is safe.'],
  ENOTDIR: ['READ_ONLY_STORE', UNWRITABLE],
  EPERM: ['READ_ONLY_STORE', UNWRITABLE],
  EROFS: ['READ_ONLY_STORE', UNWRITABLE],
  ERR_INVALID_STATE: ['STORE_UNAVAILABLE', 'is closed. Open it again.'],
}

/** The primary code is the low byte of the extended one. */
function resultCode(reason: unknown): number {
  const known = typeof reason === 'object' && reason !== null && 'errcode' in reason
  return known && typeof reason.errcode === 'number' ? reason.errcode & 0xff : 0
}

function nodeCode(reason: unknown): string {
  return typeof reason === 'object' && reason !== null && 'code' in reason ? String(reason.code) : ''
}
