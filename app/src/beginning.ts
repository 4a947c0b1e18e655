import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { DemoOptions } from './demo-data/generate.ts'
import { defaultDemo, type StartOptions } from './options.ts'

/** What a shop begins with. A folder remembers it: data is taken in once, so a later start cannot ask for other data. */
export interface Beginning {
  /** Absent: nothing. */
  readonly demo?: DemoOptions
  /** What was asked for and does not apply. */
  readonly notes: readonly string[]
  /** To be called once the data is in. */
  remember(): void
}

const FILE = 'beginning.json'
const kept = z.object({ demo: z.object({ scale: z.number(), seed: z.number() }).optional() })

export function readBeginning({ persist, empty, scale, seed }: StartOptions): Beginning {
  const asked = empty ? {} : { demo: { scale, seed } }
  if (persist === undefined) return { ...asked, notes: [], remember: () => {} }
  const file = join(persist, FILE)
  const { demo } = readKept(file) ?? asked
  const differs = empty ? demo !== undefined : isOther({ scale, seed }, demo)
  return {
    ...(demo ? { demo } : {}),
    notes: differs ? [note(persist, demo)] : [],
    remember: () => writeFileSync(file, `${JSON.stringify({ demo })}\n`),
  }
}

/** Whoever asks for nothing in particular is content with what is there. */
function isOther({ scale, seed }: DemoOptions, there: DemoOptions | undefined): boolean {
  const other = (asked: number, usual: number, got?: number): boolean => asked !== usual && asked !== got
  return other(scale, defaultDemo.scale, there?.scale) || other(seed, defaultDemo.seed, there?.seed)
}

function note(persist: string, demo: DemoOptions | undefined): string {
  const began = demo ? `with --scale ${demo.scale} --seed ${demo.seed}` : 'with --empty'
  return `${persist} has its data already: it began ${began}, so --scale, --seed and --empty do nothing here; for other data give another folder`
}

function readKept(file: string): z.infer<typeof kept> | undefined {
  try {
    return kept.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    // A new folder, or one that was never told: what is asked for now holds.
    return undefined
  }
}
