import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '@stoa/platform/fault'

/** The database of the bus, in the folder of an embedded shop. */
export const BUS_FILE = 'bus.sqlite'

/** For commands that work on a shop: opening what is not there would make a new one. Throws BAD_CONFIG. */
export function requireShop(folder: string): void {
  if (existsSync(join(folder, BUS_FILE))) return
  const expected = `expected the folder of an embedded shop, which has a ${BUS_FILE}`
  throw new Fault('BAD_CONFIG', `--persist: ${expected}, got "${folder}".`)
}
