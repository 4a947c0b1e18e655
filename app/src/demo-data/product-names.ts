import { invariant } from '@stoa/platform/invariant'
import type { Random } from '@stoa/platform/random'
import { drawOne } from './draw.ts'

const LINES = [
  'Alto',
  'Brera',
  'Cala',
  'Dorset',
  'Elba',
  'Fell',
  'Garda',
  'Harbour',
  'Isar',
  'Jura',
  'Kiel',
  'Lario',
  'Moor',
  'Nervi',
  'Orta',
  'Pennine',
  'Ruhr',
  'Solent',
  'Tarn',
  'Umbra',
  'Vale',
  'Wye',
] as const
const MOST_EDITIONS = 100

export interface NameWish {
  readonly noun: string
  readonly material: string
  readonly brand: string
}

/** Draws a name, "Brera Oxford Shirt", that is not in `taken`, and puts it there. No two products share one. */
export function drawName(random: Random, wish: NameWish, taken: Set<string>): string {
  const first = LINES.indexOf(drawOne(random, LINES))
  const name = candidates(first, wish).find((candidate) => !taken.has(candidate))
  invariant(name !== undefined, 'a demo shop has fewer products than there are names')
  taken.add(name)
  return name
}

/** Lazily, from the plainest to the most particular: the line drawn, its neighbours, then with material, then with brand. */
function* candidates(first: number, { noun, material, brand }: NameWish): Generator<string> {
  const lines = LINES.map((_, step) => LINES[(first + step) % LINES.length] ?? '')
  const made = `${capitals(material)} ${noun}`
  for (const line of lines) yield `${line} ${noun}`
  for (const line of lines) yield `${line} ${made}`
  for (const line of lines) yield `${brand} ${line} ${made}`
  for (let edition = 2; edition < MOST_EDITIONS; edition++)
    for (const line of lines) yield `${brand} ${line} ${made} No. ${edition}`
}

function capitals(text: string): string {
  return text.replace(/(^|[ -])[a-z]/g, (start) => start.toUpperCase())
}
