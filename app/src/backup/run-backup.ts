import { resolve } from 'node:path'
import { toFault } from '@stoa/platform/fault'
import type { Env } from '@stoa/platform/subgraph'
import { complain, explain } from '../complain.ts'
import { backUp } from './back-up.ts'
import { type BackupOptions, backupHelp, parseBackupOptions } from './options.ts'

/** `npm run backup`. Answers the exit code. */
export async function runBackup(args: readonly string[], env: Env): Promise<number> {
  const options = parseBackupOptions(args)
  if (!options.ok) return complain(options.error, 'Nothing was backed up or restored.')
  if (options.value === 'help') {
    process.stdout.write(backupHelp)
    return 0
  }
  try {
    await carryOut(options.value, env)
    return 0
  } catch (reason) {
    return complain(explain(toFault(reason)), WHAT[options.value.kind])
  }
}

const WHAT: Readonly<Record<BackupOptions['kind'], string>> = {
  folder: 'Nothing was backed up.',
  create: 'Not all tables were backed up.',
  restore: 'The shop was not restored. Do not start one on tables that are not reconciled.',
  reconcile: 'The tables were not reconciled. Do not start a shop on them.',
}

async function carryOut(options: BackupOptions, env: Env): Promise<void> {
  if (options.kind === 'folder') {
    const files = await backUp(resolve(options.persist), resolve(options.to))
    return say({ event: 'backed-up', to: options.to, files })
  }
  // What speaks to AWS is loaded only by those who have tables there.
  const { openShopTables } = await import('./tables/open-shop-tables.ts')
  await using tables = openShopTables(env, say)
  if (options.kind === 'create') return await tables.create(options.name)
  if (options.kind === 'restore') return await tables.restore(options)
  return await tables.reconcile(options)
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
