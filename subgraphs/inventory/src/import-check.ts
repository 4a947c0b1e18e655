import { parseLocationId, parseSku } from '@stoa/platform/id'
import { isOnGlobe } from './domain/distance.ts'
import type { Location, OpeningHours } from './domain/location.ts'
import type { StockOpening } from './domain/open-stock.ts'
import { MAX_ON_HAND } from './domain/stock.ts'

/** Everything that is wrong with locations, in sentences. */
export function checkLocations(locations: readonly Location[]): readonly string[] {
  const keys = locations.map(({ locationId }) => locationId)
  return [...twice('Location', keys), ...locations.flatMap(checkLocation)]
}

/** Everything that is wrong with opening balances, in sentences. */
export function checkOpenings(stock: readonly StockOpening[]): readonly string[] {
  return [
    ...twice(
      'SKU',
      stock.map(({ sku }) => sku),
    ),
    ...stock.flatMap(checkOpening),
  ]
}

function checkLocation(location: Location): readonly string[] {
  const { locationId, address, timeZone, openingHours } = location
  const problems: string[] = []
  const id = parseLocationId(locationId)
  if (!id.ok) problems.push(id.error.message)
  if (!/^[A-Z]{2}$/.test(address.country))
    problems.push(`${locationId}: expected a country such as "IT", got "${address.country}".`)
  if (!isOnGlobe(location))
    problems.push(`${locationId}: expected latitude −90 to 90 and longitude −180 to 180.`)
  if (!isTimeZone(timeZone))
    problems.push(`${locationId}: expected a time zone such as "Europe/Rome", got "${timeZone}".`)
  const bad = openingHours.find((hours) => !areHours(hours))
  if (bad)
    problems.push(
      `${locationId}: expected weekday 1 to 7 and times such as "09:00" to "19:30", got ${JSON.stringify(bad)}.`,
    )
  return problems
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/

function areHours({ weekday, opens, closes }: OpeningHours): boolean {
  return (
    Number.isInteger(weekday) &&
    weekday >= 1 &&
    weekday <= 7 &&
    TIME.test(opens) &&
    TIME.test(closes) &&
    opens < closes
  )
}

function isTimeZone(name: string): boolean {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId !== ''
  } catch {
    return false
  }
}

function checkOpening({ sku, levels }: StockOpening): readonly string[] {
  const problems: string[] = []
  const id = parseSku(sku)
  if (!id.ok) problems.push(id.error.message)
  const seen = new Set<string>()
  for (const { locationId, onHand, safetyStock = 0 } of levels) {
    if (!areUnits(onHand) || !areUnits(safetyStock))
      problems.push(
        `${sku} at ${locationId}: expected 0 to ${MAX_ON_HAND} units, got ${onHand} and ${safetyStock}.`,
      )
    if (seen.has(locationId)) problems.push(`${sku}: ${locationId} is named twice.`)
    seen.add(locationId)
  }
  return problems
}

function areUnits(units: number): boolean {
  return Number.isInteger(units) && units >= 0 && units <= MAX_ON_HAND
}

function twice(what: string, keys: readonly string[]): readonly string[] {
  const seen = new Set<string>()
  const found = new Set<string>()
  for (const key of keys) (seen.has(key) ? found : seen).add(key)
  return [...found].map((key) => `${what} ${key} is named twice.`)
}
