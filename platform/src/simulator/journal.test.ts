import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { openJournal } from './journal.ts'

interface Paid {
  readonly paid: number
}

const paid: z.ZodType<Paid> = z.object({ paid: z.number() })
let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'))
  file = join(folder, 'ledger.jsonl')
})

afterEach(() => rmSync(folder, { recursive: true }))

describe('a journal', () => {
  it('gives back after a restart what was written', () => {
    openJournal(paid, file).append({ paid: 1 })
    openJournal(paid, file).append({ paid: 2 })
    expect(openJournal(paid, file).entries).toEqual([{ paid: 1 }, { paid: 2 }])
  })

  it('drops a last line that was torn by a kill, and goes on behind it', () => {
    openJournal(paid, file).append({ paid: 1 })
    appendFileSync(file, '{"paid":')
    openJournal(paid, file).append({ paid: 2 })
    expect(openJournal(paid, file).entries).toEqual([{ paid: 1 }, { paid: 2 }])
  })

  it('refuses entries of another format instead of forgetting them', () => {
    writeFileSync(file, '{"refunded":1}\n')
    expect(() => openJournal(paid, file)).toThrow(/another format/)
  })
})
