import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { toFault } from '@stoa/platform/fault'
import { complain, explain } from '../complain.ts'
import { backUp } from './back-up.ts'

const HELP = `Usage: npm run backup -- --persist DIR --to DIR

  --persist DIR  the folder of an embedded shop, running or not
  --to DIR       a new or empty folder for the copy; npm start -- --persist DIR starts on it
  --help         this text
`
const WHAT = 'Nothing was backed up.'

/** `npm run backup`. Answers the exit code. */
export async function runBackup(args: readonly string[]): Promise<number> {
  try {
    const string = { type: 'string' } as const
    const options = { persist: string, to: string, help: { type: 'boolean' } } as const
    const { persist, to, help } = parseArgs({ args: [...args], options }).values
    if (help) {
      process.stdout.write(HELP)
      return 0
    }
    if (!persist || !to) return complain(['Expected --persist DIR and --to DIR. --help explains them.'], WHAT)
    const files = await backUp(resolve(persist), resolve(to))
    process.stdout.write(`${JSON.stringify({ event: 'backed-up', to, files })}\n`)
    return 0
  } catch (reason) {
    return complain(explain(toFault(reason)), WHAT)
  }
}
