import type { Coordinates } from './distance.ts'

/**
 * Roughly the middle of a country's people, for when all we know of a destination is its country.
 * Whole degrees are enough: it only ranks locations.
 */
export function countryCentre(country: string): Coordinates | undefined {
  const centre = CENTRES[country]
  return centre && { latitude: centre[0], longitude: centre[1] }
}

/** ISO 3166-1 alpha-2 → degrees north, degrees east. */
const CENTRES: Readonly<Record<string, readonly [number, number]>> = {
  AT: [48, 15],
  BE: [51, 4],
  BG: [43, 25],
  CH: [47, 8],
  CY: [35, 33],
  CZ: [50, 15],
  DE: [51, 9],
  DK: [56, 11],
  EE: [59, 26],
  ES: [40, -4],
  FI: [61, 25],
  FR: [47, 3],
  GB: [52, -1],
  GR: [39, 23],
  HR: [45, 16],
  HU: [47, 19],
  IE: [53, -7],
  IS: [64, -22],
  IT: [43, 12],
  LI: [47, 10],
  LT: [55, 24],
  LU: [50, 6],
  LV: [57, 24],
  MC: [44, 7],
  MT: [36, 14],
  NL: [52, 5],
  NO: [61, 10],
  PL: [52, 19],
  PT: [40, -9],
  RO: [45, 26],
  SE: [59, 16],
  SI: [46, 15],
  SK: [48, 19],
  SM: [44, 12],
}
