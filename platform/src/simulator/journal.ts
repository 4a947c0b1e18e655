import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { z } from 'zod'
import { Fault } from '../fault.ts'

/** What a simulated vendor believes happened, in order; on disk too when it must survive us. */
export interface Journal<Entry> {
  readonly entries: readonly Entry[]
  append(entry: Entry): void
}

/**
 * Opens a journal, reading back what an earlier run wrote. One JSON line per entry, written before the vendor answers,
 * so that a killed process loses at most its unanswered request; a torn last line is dropped.
 */
export function openJournal<Entry>(schema: z.ZodType<Entry>, file?: string): Journal<Entry> {
  const entries: Entry[] = file === undefined ? [] : readBack(schema, file)
  return {
    entries,
    append(entry) {
      if (file !== undefined) appendFileSync(file, `${JSON.stringify(entry)}\n`)
      entries.push(entry)
    },
  }
}

function readBack<Entry>(schema: z.ZodType<Entry>, file: string): Entry[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  const torn = lines.pop()
  if (torn !== '') appendFileSync(file, '\n')
  return lines.filter((line) => line !== '').flatMap((line) => parseLine(schema, line))
}

function parseLine<Entry>(schema: z.ZodType<Entry>, line: string): Entry[] {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    return []
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return [parsed.data]
  throw new Fault(
    'STORE_CORRUPT',
    'A simulator journal holds an entry of another format. Delete the data folder or use the version that wrote it.',
  )
}
