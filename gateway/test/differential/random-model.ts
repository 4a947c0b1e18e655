import type { Random } from '@stoa/platform/random'
import type { Building, Model, Piece } from './model.ts'
import { entities } from './pieces/entities.ts'
import { interfaceObjects } from './pieces/interface-objects.ts'
import { keys } from './pieces/keys.ts'
import { leaves } from './pieces/leaves.ts'
import { mutations } from './pieces/mutations.ts'
import { nullableKeys } from './pieces/nullable-keys.ts'
import { provides } from './pieces/provides.ts'
import { requires } from './pieces/requires.ts'
import { valueTypes } from './pieces/value-types.ts'

const PIECES: readonly Piece[] = [
  ...[entities, mutations, requires, provides, valueTypes],
  ...[keys, nullableKeys, interfaceObjects, leaves],
]

/** A graph with a bit of everything that federation knows, over two to five subgraphs. */
export function randomModel(random: Random): Model {
  const subgraphs = ['s0', 's1', 's2', 's3', 's4'].slice(0, 2 + Math.floor(random.next() * 4))
  const building: Building = { random, subgraphs, types: new Map() }
  for (const piece of PIECES) piece.types?.(building)
  for (const piece of PIECES) piece.fields?.(building)
  return building
}
