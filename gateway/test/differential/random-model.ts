import type { Random } from '@stoa/platform/random'
import type { Building, Era, Model, Piece } from './model.ts'
import { abstractValues } from './pieces/abstract-values.ts'
import { differentViews } from './pieces/different-views.ts'
import { entities } from './pieces/entities.ts'
import { interfaceObjects } from './pieces/interface-objects.ts'
import { interfaceRequires } from './pieces/interface-requires.ts'
import { keys } from './pieces/keys.ts'
import { leaves } from './pieces/leaves.ts'
import { moves } from './pieces/moves.ts'
import { mutations } from './pieces/mutations.ts'
import { nullableKeys } from './pieces/nullable-keys.ts'
import { provides } from './pieces/provides.ts'
import { requires } from './pieces/requires.ts'
import { requiresMore } from './pieces/requires-more.ts'
import { requiresThrough } from './pieces/requires-through.ts'
import { uneven } from './pieces/uneven.ts'
import { valueTypes } from './pieces/value-types.ts'

const PIECES: readonly Piece[] = [
  ...[entities, mutations, requires, provides, valueTypes],
  ...[keys, nullableKeys, interfaceObjects, leaves],
]

const LATER_PIECES: readonly Piece[] = [
  abstractValues,
  requiresMore,
  requiresThrough,
  moves,
  interfaceRequires,
  differentViews,
  uneven,
]

/** A graph with a bit of everything that federation knows, over two to five subgraphs. */
export function randomModel(random: Random, era: Era, isFailing = false): Model {
  const subgraphs = ['s0', 's1', 's2', 's3', 's4'].slice(0, 2 + Math.floor(random.next() * 4))
  const building: Building = { era, isFailing, random, subgraphs, types: new Map() }
  const pieces = era === 1 ? PIECES : [...PIECES, ...LATER_PIECES]
  for (const piece of pieces) piece.types?.(building)
  for (const piece of pieces) piece.fields?.(building)
  return building
}
