import { mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Fault } from '@stoa/platform/fault'

/**
 * Makes the folder of a shop and keeps every other shop out of it until disposed, or until this process is gone.
 * Throws BAD_CONFIG when it cannot be made, READ_ONLY_STORE when it cannot be written, CONFLICT when it is in use.
 */
export function claimDataFolder(folder: string): Disposable {
  makeFolder(folder, folder)
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(join(folder, LOCK))
    // The lock is the operating system's: it goes with the process, however that ends, and is never left behind.
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock?.close()
    throw lockFault(folder, cause)
  }
  return { [Symbol.dispose]: () => lock.close() }
}

const LOCK = 'shop.lock'
/** https://www.sqlite.org/rescode.html#busy */
const BUSY = 5

/** Not Node's recursive mkdir: on file systems that refuse new folders, such as /proc, it never returns. */
function makeFolder(folder: string, wanted: string): void {
  if (isFolder(folder)) return
  try {
    if (dirname(folder) !== folder && !isFolder(dirname(folder))) makeFolder(dirname(folder), wanted)
    mkdirSync(folder)
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    const why = WHY[codeOf(cause)] ?? `the system says ${codeOf(cause)}`
    const message = `--persist: expected a folder, or a place where one can be made; got "${wanted}": ${why}. Give another.`
    throw new Fault('BAD_CONFIG', message, { cause })
  }
}

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EEXIST: 'a file is in the way',
  ENOENT: 'no folder can be made there',
  ENOTDIR: 'a file is in the way',
  EPERM: 'this user may not write there',
  EROFS: 'it is on a read-only file system',
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function lockFault(folder: string, cause: unknown): Fault {
  const locked = typeof cause === 'object' && cause !== null && 'errcode' in cause && cause.errcode === BUSY
  if (!locked) {
    const message = `The folder "${folder}" cannot be written. Give the program a folder it may write to, then start it again.`
    return new Fault('READ_ONLY_STORE', message, { cause })
  }
  const message = `Another shop runs on "${folder}". One folder has one shop: end the other, or give another with --persist.`
  return new Fault('CONFLICT', message, { cause })
}

/** By field, not by class: errors of the system may come from another realm. */
function codeOf(reason: unknown): string {
  return typeof reason === 'object' && reason !== null && 'code' in reason ? String(reason.code) : ''
}
