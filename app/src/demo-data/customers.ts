import type { Random } from '@stoa/platform/random'
import { type City, storeCities } from './cities.ts'
import { drawInt, drawOne } from './draw.ts'

export interface DemoCustomer {
  readonly customerId: string
  readonly name: string
  readonly email: string
  readonly language: string
  readonly market: string
  readonly addresses: readonly DemoAddress[]
}

export interface DemoAddress {
  readonly name: string
  readonly line1: string
  readonly postalCode: string
  readonly city: string
  readonly country: string
}

const NAMES: Readonly<
  Record<City['country'], { readonly first: readonly string[]; readonly last: readonly string[] }>
> = {
  IT: {
    first: ['Giulia', 'Marco', 'Chiara', 'Luca', 'Elena', 'Paolo', 'Sara', 'Matteo'],
    last: ['Rossi', 'Ferrari', 'Esposito', 'Bianchi', 'Romano', 'Colombo', 'Ricci'],
  },
  DE: {
    first: ['Anna', 'Jonas', 'Lena', 'Felix', 'Marie', 'Paul', 'Clara', 'Lukas'],
    last: ['Schneider', 'Fischer', 'Weber', 'Wagner', 'Becker', 'Hoffmann', 'Koch'],
  },
  GB: {
    first: ['Olivia', 'George', 'Amelia', 'Harry', 'Isla', 'Jack', 'Grace', 'Arthur'],
    last: ['Taylor', 'Davies', 'Evans', 'Walker', 'Wright', 'Hughes', 'Green'],
  },
  CH: {
    first: ['Lea', 'Noah', 'Mia', 'Luca', 'Nina', 'Tim', 'Laura', 'Elias'],
    last: ['Meier', 'Keller', 'Favre', 'Bernasconi', 'Huber', 'Baumann', 'Frei'],
  },
}
const LANGUAGES: Readonly<Record<City['country'], string>> = { IT: 'it', DE: 'de', GB: 'en', CH: 'de' }

/** The people every example speaks of: ada shops in Milan, bo in London, cleo in Zürich. */
const NAMED: readonly { readonly first: string; readonly last: string; readonly city: string }[] = [
  { first: 'Ada', last: 'Conti', city: 'MIL' },
  { first: 'Bo', last: 'Marsh', city: 'LON' },
  { first: 'Cleo', last: 'Brunner', city: 'ZRH' },
]

/** 200 customers at scale 1, the first three of them by name. */
export function makeCustomers(random: Random, count: number): readonly DemoCustomer[] {
  return Array.from({ length: count }, (_, index) => makeCustomer(random, index))
}

function makeCustomer(random: Random, index: number): DemoCustomer {
  const known = NAMED[index]
  const city = storeCities.find((candidate) => candidate.code === known?.city) ?? drawOne(random, storeCities)
  const names = NAMES[city.country]
  const first = known?.first ?? drawOne(random, names.first)
  const last = known?.last ?? drawOne(random, names.last)
  const number = String(index + 1).padStart(4, '0')
  return {
    customerId: `CU-${number}`,
    name: `${first} ${last}`,
    email: known
      ? `${first.toLowerCase()}@example.test`
      : `${first}.${last}.${number}@example.test`.toLowerCase(),
    language: LANGUAGES[city.country],
    market: city.country,
    addresses: [
      {
        name: `${first} ${last}`,
        line1: addressLine(random, city),
        postalCode: city.postalCode,
        city: city.name,
        country: city.country,
      },
    ],
  }
}

function addressLine(random: Random, city: City): string {
  const number = drawInt(random, 1, 120)
  return city.country === 'GB' ? `${number} ${city.street}` : `${city.street} ${number}`
}
