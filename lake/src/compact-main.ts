import { parseArgs } from 'node:util'
import { systemClock } from '@stoa/platform/clock'
import { Fault, toFault } from '@stoa/platform/fault'
import { systemRandom } from '@stoa/platform/random'
import { openBucket } from './bucket.ts'
import { compactArchive } from './compact.ts'
import { openFolderObjects } from './object-store.folder.ts'
import type { ObjectStore } from './object-store.ts'

/*
 * node lake/src/compact-main.ts --folder DIR [--before 2026-11-21]
 * node lake/src/compact-main.ts --bucket NAME [--prefix stoa/] [--before 2026-11-21]
 * Makes few large objects of the days before that one (default: yesterday, UTC), and says what it did as a JSON line.
 */
const DAY_MS = 86_400_000

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  try {
    const { folder, bucket, prefix, before } = readOptions(args)
    const objects = await openObjects({ folder, bucket, prefix })
    const report = await compactArchive({ objects, before })
    process.stdout.write(`${JSON.stringify({ event: 'compacted', before, ...report })}\n`)
    return 0
  } catch (reason) {
    const { code, message } = toFault(reason)
    process.stderr.write(`${JSON.stringify({ event: 'failed', code, message })}\n`)
    return 1
  }
}

interface Place {
  readonly folder: string | undefined
  readonly bucket: string | undefined
  readonly prefix: string | undefined
}

function readOptions(args: string[]): Place & { readonly before: string } {
  const string = { type: 'string' } as const
  const options = { folder: string, bucket: string, prefix: string, before: string }
  const { folder, bucket, prefix, before = yesterday() } = parseArgs({ args, options }).values
  if ((folder === undefined) === (bucket === undefined))
    throw new Fault('BAD_CONFIG', 'Expected --folder DIR or --bucket NAME. Give one of them.')
  if (!/^\d{4}-\d\d-\d\d$/.test(before))
    throw new Fault('BAD_CONFIG', `--before: expected a day as 2026-11-21, got ${JSON.stringify(before)}.`)
  return { folder, bucket, prefix, before }
}

/** Of today and yesterday events may still come. */
function yesterday(): string {
  return new Date(systemClock.now() - DAY_MS).toISOString().slice(0, 10)
}

async function openObjects({ folder, bucket = '', prefix }: Place): Promise<ObjectStore> {
  const ports = { clock: systemClock, random: systemRandom }
  if (folder !== undefined) return await openFolderObjects({ ...ports, folder })
  // Region, credentials and endpoint as the environment of AWS names them.
  return await openBucket({ ...ports, bucket, ...(prefix === undefined ? {} : { prefix }) })
}
