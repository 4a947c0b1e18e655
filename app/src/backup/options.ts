import { parseArgs } from 'node:util'
import { err, ok, type Result } from '@stoa/platform/result'

export type BackupOptions =
  | { readonly kind: 'folder'; readonly persist: string; readonly to: string }
  | { readonly kind: 'create'; readonly name: string | undefined }
  | {
      readonly kind: 'restore'
      readonly prefix: string
      readonly source: { readonly at: number } | { readonly backup: string }
      readonly hours: number
    }
  | {
      readonly kind: 'reconcile'
      readonly prefix: string
      readonly at: number
      readonly isAgain: boolean
    }

export const backupHelp: string = `Usage: npm run backup -- --persist DIR --to DIR
       npm run backup -- create --stack aws [--name NAME]
       npm run backup -- restore --stack aws --at TIME --prefix NEW
       npm run backup -- restore --stack aws --backup NAME --prefix NEW
       npm run backup -- reconcile --stack aws --at TIME --prefix NEW [--again]

  --persist DIR  the folder of an embedded shop, running or not
  --to DIR       a new or empty folder for the copy; npm start -- --persist DIR starts on it

  create         has DynamoDB keep every table of the shop that STOA_PREFIX names as it is now
  restore        makes every table anew under another prefix, with its settings, and reconciles them
  reconcile      brings together tables that were restored otherwise, before a shop is started on them

  --at TIME      restore: the moment, within point-in-time recovery; reconcile: that of the earliest table
  --backup NAME  what create called its backups
  --prefix NEW   of the restored tables: start the shop with STOA_PREFIX=NEW
  --name NAME    of the backups; default: by the time
  --again        reconcile: tables that were reconciled, and on which no shop was ever started
  --hours N      how long a restore may take, 1 to 72 (default 12); asked again it goes on where it was
  --help         this text
`

const string = { type: 'string' } as const
const boolean = { type: 'boolean' } as const
const flags = {
  ...{ persist: string, to: string, stack: string, at: string, backup: string },
  ...{ prefix: string, name: string, hours: string },
  ...{ again: boolean, help: boolean },
} as const

type Values = ReturnType<typeof parse>['values']

/** All problems at once; 'help' when that is what is asked for. */
export function parseBackupOptions(
  args: readonly string[],
): Result<BackupOptions | 'help', readonly string[]> {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (reason) {
    return err([reason instanceof Error ? reason.message : String(reason)])
  }
  const { values, positionals } = parsed
  if (values.help) return ok('help')
  const problems: string[] = []
  const options = optionsOf(positionals, values, problems)
  return problems.length > 0 || !options ? err(problems) : ok(options)
}

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options: flags, allowPositionals: true })
}

function optionsOf(
  [command, ...more]: readonly string[],
  values: Values,
  problems: string[],
): BackupOptions | undefined {
  if (command === undefined) return folderOf(values, problems)
  if (values.stack !== 'aws')
    problems.push(`${command}: expected --stack aws, got ${JSON.stringify(values.stack)}.`)
  if (command === 'create' && more.length === 0)
    return { kind: 'create', name: nameOf('name', values.name, problems) }
  if (command !== 'reconcile' && values.again) problems.push(`${command}: --again is for reconcile alone.`)
  if (command === 'restore' && more.length === 0) return restoreOf(values, problems)
  if (command === 'reconcile' && more.length === 0) return reconcileOf(values, problems)
  const got = JSON.stringify([command, ...more].join(' '))
  problems.push(`Expected create, restore, reconcile or none of them, got ${got}.`)
  return undefined
}

function folderOf({ persist, to }: Values, problems: string[]): BackupOptions | undefined {
  if (persist && to) return { kind: 'folder', persist, to }
  problems.push('Expected --persist DIR and --to DIR, or a command. --help explains them.')
  return undefined
}

function restoreOf(values: Values, problems: string[]): BackupOptions {
  const { at, backup, prefix } = values
  if ((at === undefined) === (backup === undefined))
    problems.push('restore: expected either --at TIME or --backup NAME.')
  const named = nameOf('backup', backup, problems)
  return {
    kind: 'restore',
    prefix: prefixOf(prefix, problems),
    source: named === undefined ? { at: at === undefined ? 0 : timeOf(at, problems) } : { backup: named },
    hours: hoursOf(values.hours, problems),
  }
}

function reconcileOf({ prefix, at, again = false }: Values, problems: string[]): BackupOptions {
  const times = { prefix: prefixOf(prefix, problems), at: timeOf(at, problems) }
  return { kind: 'reconcile', ...times, isAgain: again }
}

function timeOf(text: string | undefined, problems: string[]): number {
  const time = Date.parse(text ?? '')
  if (Number.isNaN(time))
    problems.push(`--at: expected a time, got ${JSON.stringify(text)}. Example: --at 2026-11-21T10:00:00Z`)
  return time
}

function prefixOf(text: string | undefined, problems: string[]): string {
  if (text !== undefined && /^[a-z][a-z0-9-]{0,30}$/.test(text)) return text
  const form = 'a letter, then up to 30 letters, digits or -'
  problems.push(`--prefix: expected ${form}, got ${JSON.stringify(text)}. Example: --prefix stoa-again-`)
  return ''
}

function nameOf(flag: string, text: string | undefined, problems: string[]): string | undefined {
  if (text !== undefined && !/^[a-zA-Z0-9_.-]{3,255}$/.test(text))
    problems.push(`--${flag}: expected 3 to 255 letters, digits, _, . or -, got ${JSON.stringify(text)}.`)
  return text
}

function hoursOf(text: string | undefined, problems: string[]): number {
  const hours = Number(text ?? 12)
  if (Number.isInteger(hours) && hours >= 1 && hours <= 72) return hours
  problems.push(`--hours: expected a whole number from 1 to 72, got ${JSON.stringify(text)}.`)
  return 12
}
