import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { readBeginning } from './beginning.ts'
import type { StartOptions } from './options.ts'

const usual: StartOptions = {
  port: 0,
  scale: 1,
  seed: 42,
  workers: 1,
  stack: 'embedded',
  empty: false,
  help: false,
}
let persist = ''
beforeEach(async () => {
  persist = await mkdtemp(join(tmpdir(), 'stoa-beginning-'))
})
afterEach(() => rm(persist, { recursive: true, force: true }))

describe('what a shop begins with', () => {
  it('is what was asked for, as long as the folder knows nothing', () => {
    expect(readBeginning({ ...usual, persist, seed: 7 })).toMatchObject({
      demo: { scale: 1, seed: 7 },
      notes: [],
    })
    expect(readBeginning({ ...usual, empty: true }).demo).toBeUndefined()
  })

  it('is what the folder began with, also for whoever asks for nothing in particular', () => {
    readBeginning({ ...usual, persist, scale: 0.1, seed: 7 }).remember()
    expect(readBeginning({ ...usual, persist })).toMatchObject({ demo: { scale: 0.1, seed: 7 }, notes: [] })
  })

  it.each([{ seed: 8 }, { scale: 2 }, { empty: true }])(
    'is not changed by asking for %j later, which is said',
    (asked) => {
      readBeginning({ ...usual, persist, scale: 0.1, seed: 7 }).remember()
      const { demo, notes } = readBeginning({ ...usual, persist, ...asked })
      expect(demo).toEqual({ scale: 0.1, seed: 7 })
      expect(notes).toEqual([expect.stringContaining('it began with --scale 0.1 --seed 7')])
    },
  )

  it('stays nothing', () => {
    readBeginning({ ...usual, persist, empty: true }).remember()
    expect(readBeginning({ ...usual, persist })).toMatchObject({ notes: [] })
    expect(readBeginning({ ...usual, persist }).demo).toBeUndefined()
    expect(readBeginning({ ...usual, persist, seed: 7 }).notes).toEqual([expect.stringContaining('--empty')])
  })
})
