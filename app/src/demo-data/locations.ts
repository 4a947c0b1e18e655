import { type City, distributionCentres, storeCities } from './cities.ts'

export interface DemoLocation {
  readonly locationId: string
  readonly kind: 'DC' | 'STORE'
  readonly name: string
  readonly address: {
    readonly line1: string
    readonly postalCode: string
    readonly city: string
    readonly country: string
  }
  readonly latitude: number
  readonly longitude: number
  readonly timeZone: string
  /** One entry per weekday it is open: 1 is Monday (ISO 8601), times local. */
  readonly openingHours: readonly {
    readonly weekday: number
    readonly opens: string
    readonly closes: string
  }[]
}

const ZONES: Readonly<Record<City['country'], string>> = {
  IT: 'Europe/Rome',
  DE: 'Europe/Berlin',
  GB: 'Europe/London',
  CH: 'Europe/Zurich',
}

/** Three distribution centres, then forty stores. */
export function makeLocations(): readonly DemoLocation[] {
  return [
    ...distributionCentres.map((city) => location(city, 'DC', `DC-${city.code}`)),
    ...storeCities.map((city) => location(city, 'STORE', `ST-${city.code}`)),
  ]
}

function location(city: City, kind: DemoLocation['kind'], locationId: string): DemoLocation {
  return {
    locationId,
    kind,
    name: kind === 'DC' ? `${city.name} distribution centre` : `Stoa ${city.name}`,
    address: {
      line1: `${city.street} 1`,
      postalCode: city.postalCode,
      city: city.name,
      country: city.country,
    },
    latitude: city.latitude,
    longitude: city.longitude,
    timeZone: ZONES[city.country],
    openingHours: kind === 'DC' ? hours([1, 2, 3, 4, 5, 6], '06:00', '22:00') : storeHours(city.country),
  }
}

function storeHours(country: City['country']): DemoLocation['openingHours'] {
  // Shops in Germany and Switzerland stay shut on Sundays.
  const sunday = country === 'IT' || country === 'GB' ? hours([7], '11:00', '18:00') : []
  return [...hours([1, 2, 3, 4, 5, 6], '10:00', '20:00'), ...sunday]
}

function hours(weekdays: readonly number[], opens: string, closes: string): DemoLocation['openingHours'] {
  return weekdays.map((weekday) => ({ weekday, opens, closes }))
}
