import { copyFile, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@stoa/platform/fault'
import { backUpSqlite, rewindFeed } from '@stoa/platform/sqlite-backup'
import { BUS_FILE, requireShop } from '../existing-shop.ts'

/** Belong to the shop that runs there, not to its data. */
const LEFT_BEHIND = /^shop\.lock|-wal$|-shm$/

/**
 * Copies an embedded shop's folder, running or not, so that a shop can start on the copy. Answers the files' names.
 *
 * The databases cannot be copied at one moment, so the bus goes first: whatever it says was handled is in the stores'
 * later copies. What the stores tell that the bus's copy has not heard is told again from the beginning when the shop
 * starts, and events that the bus knows are known to it by their ids.
 */
export async function backUp(folder: string, to: string): Promise<readonly string[]> {
  requireShop(folder)
  await mkdir(to, { recursive: true })
  if ((await readdir(to)).length > 0) throw new Fault('BAD_CONFIG', `--to: ${NOT_EMPTY}, got "${to}".`)
  const names = (await readdir(folder)).filter((name) => !LEFT_BEHIND.test(name)).sort()
  const stores = names.filter((name) => name.endsWith('.sqlite') && name !== BUS_FILE)
  const others = names.filter((name) => !name.endsWith('.sqlite'))
  for (const name of [BUS_FILE, ...stores]) await backUpSqlite(join(folder, name), join(to, name))
  for (const name of stores) rewindFeed(join(to, name), 'relay')
  for (const name of others) await copyFile(join(folder, name), join(to, name))
  return [BUS_FILE, ...stores, ...others]
}

const NOT_EMPTY = 'expected a new or an empty folder, so that nothing is written over'
