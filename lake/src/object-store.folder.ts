import { link, mkdir, open, readdir, readFile, rm, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Clock } from '@stoa/platform/clock'
import { Fault, type FaultCode, toFault } from '@stoa/platform/fault'
import { invariant } from '@stoa/platform/invariant'
import type { Random } from '@stoa/platform/random'
import { MOST_KEYS, type NewObject, type ObjectPage, type ObjectStore } from './object-store.ts'

export interface FolderObjectsOptions {
  /** Made when it is not there. */
  readonly folder: string
  readonly clock: Clock
  readonly random: Random
}

/** Where objects are until they are whole, out of sight for whoever lists or globs. */
const UNFINISHED = '.unfinished'

/** Objects as files: written beside, brought to the disk, and then given their name, which only one writer can have. */
export async function openFolderObjects(options: FolderObjectsOptions): Promise<ObjectStore> {
  const { folder, random } = options
  const unfinished = join(folder, UNFINISHED)
  await mkdir(unfinished, { recursive: true }).catch(refuse)
  await forgetAbandoned(unfinished, options.clock).catch(refuse)

  async function putOnce({ key, body }: NewObject): Promise<'written' | 'kept'> {
    const [half, whole] = [join(unfinished, random.uuid()), join(folder, ...parts(key))]
    try {
      await writeDurably(half, body)
      await mkdir(dirname(whole), { recursive: true })
      return await nameOnce(half, whole)
    } finally {
      await rm(half, { force: true })
    }
  }

  return {
    putOnce: (object) => putOnce(object).catch(refuse),
    get: (key) => readFile(join(folder, ...parts(key))).catch(missing),
    async list({ prefix, after = '' }) {
      return pageOf(await keysBelow(folder, prefix), after)
    },
    async remove(keys) {
      invariant(keys.length <= MOST_KEYS, 'At most 1,000 objects are removed at once.')
      await Promise.all(keys.map((key) => unlink(join(folder, ...parts(key))).catch(missing)))
    },
  }
}

/** Nobody writes one object for so long: whoever began it was killed. */
const ABANDONED_MS = 3_600_000

async function forgetAbandoned(unfinished: string, clock: Clock): Promise<void> {
  for (const name of await readdir(unfinished)) {
    const half = join(unfinished, name)
    const found = await stat(half).catch(missing)
    if (found && found.mtimeMs < clock.now() - ABANDONED_MS) await rm(half, { force: true })
  }
}

async function writeDurably(file: string, body: Uint8Array): Promise<void> {
  await using handle = await open(file, 'wx')
  await handle.writeFile(body)
  await handle.sync()
}

/** `link` fails when the name is taken, where `rename` would replace what has it. */
async function nameOnce(half: string, whole: string): Promise<'written' | 'kept'> {
  try {
    await link(half, whole)
  } catch (reason) {
    if (codeOf(reason) === 'EEXIST') return 'kept'
    throw reason
  }
  await using folder = await open(dirname(whole), 'r')
  await folder.sync()
  return 'written'
}

async function keysBelow(folder: string, prefix: string): Promise<string[]> {
  const from = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  const entries = await readdir(join(folder, from), { recursive: true, withFileTypes: true }).catch(missing)
  const top = join(folder, from).replace(/\/$/, '')
  return (entries ?? [])
    .filter((entry) => entry.isFile())
    .map((entry) => from + join(entry.parentPath.slice(top.length + 1), entry.name))
    .filter((key) => key.startsWith(prefix) && !key.startsWith(UNFINISHED))
    .sort()
}

function pageOf(keys: readonly string[], after: string): ObjectPage {
  const left = keys.filter((key) => key > after)
  const page = left.slice(0, MOST_KEYS)
  const next = left.length > MOST_KEYS ? page.at(-1) : undefined
  return { keys: page, ...(next === undefined ? {} : { next }) }
}

function parts(key: string): string[] {
  const names = key.split('/')
  invariant(
    names.every((name) => name !== '' && !name.startsWith('.')),
    'No part of a key is empty or begins with a dot.',
  )
  return names
}

function missing(reason: unknown): undefined {
  if (codeOf(reason) === 'ENOENT') return undefined
  throw toFault(reason)
}

/** The system's word for it stays in the cause: it names the folder. */
function refuse(cause: unknown): never {
  const fault = toFault(cause)
  const advice = ADVICE[codeOf(cause)]
  if (!advice) throw fault
  throw new Fault(advice.code, advice.message, { cause })
}

const UNWRITABLE = {
  code: 'READ_ONLY_STORE',
  message: 'The folder of the lake cannot be written to. Check its owner and mount.',
} as const

const NO_FOLDER = {
  code: 'BAD_CONFIG',
  message: 'The lake needs a folder, and a file is in the way. Give it another place.',
} as const

const ADVICE: Readonly<Record<string, { readonly code: FaultCode; readonly message: string }>> = {
  EACCES: UNWRITABLE,
  EEXIST: NO_FOLDER,
  ENOSPC: { code: 'DISK_FULL', message: 'There is no room for the lake. Make room on its volume.' },
  ENOTDIR: NO_FOLDER,
  EPERM: UNWRITABLE,
  EROFS: UNWRITABLE,
}

/** By field, not by class: errors of the system may come from another realm. */
function codeOf(reason: unknown): string {
  return typeof reason === 'object' && reason !== null && 'code' in reason ? String(reason.code) : ''
}
