import type { EventLocationKind } from '@stoa/schema/events'
import type { Coordinates } from './distance.ts'

/** A place that holds stock. */
export interface Location extends Coordinates {
  readonly locationId: string
  readonly kind: EventLocationKind
  readonly name: string
  readonly address: LocationAddress
  /** IANA name. */
  readonly timeZone: string
  /** A day without an entry is closed, a day with two has a break. */
  readonly openingHours: readonly OpeningHours[]
}

interface LocationAddress {
  readonly line1: string
  readonly postalCode: string
  readonly city: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
}

export interface OpeningHours {
  /** ISO 8601: 1 is Monday. */
  readonly weekday: number
  /** Local, `09:00`. */
  readonly opens: string
  /** Local, up to `24:00`; that minute is closed. */
  readonly closes: string
}

/** Whether it is open at a point in time (epoch milliseconds), by its own wall clock. */
export function isOpenAt(location: Pick<Location, 'timeZone' | 'openingHours'>, at: number): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(location.timeZone)
  const minute = local.hour * 60 + local.minute
  return location.openingHours.some(
    ({ weekday, opens, closes }) =>
      weekday === local.dayOfWeek && minuteOf(opens) <= minute && minute < minuteOf(closes),
  )
}

function minuteOf(time: string): number {
  const [hours, minutes] = time.split(':')
  return Number(hours) * 60 + Number(minutes)
}
