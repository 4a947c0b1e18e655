import type { DemoData } from '@stoa/app/demo-data'

/** Three goods, three people, two places: small enough to know by heart. */
export const JUMPER = 'KNI-0001-NAV-M'
export const MUG = 'CAM-0001-RUS-ONE'
/** One unit in the whole world. */
export const LAST_LAMP = 'LIG-0001-BLA-ONE'

const prices = (minor: number): DemoData['products'][number]['variants'][number]['prices'] => [
  { market: 'IT', currency: 'EUR', minor },
  { market: 'DE', currency: 'EUR', minor },
  { market: 'GB', currency: 'GBP', minor },
  { market: 'CH', currency: 'CHF', minor },
]

function product(sku: string, name: string, minor: number): DemoData['products'][number] {
  const productId = `P-${sku.slice(0, 8)}`
  return {
    productId,
    handle: productId.toLowerCase(),
    name,
    description: `${name} for tests.`,
    brand: 'Kestrel',
    category: 'goods',
    createdAt: Date.UTC(2026, 0, 1),
    image: `/images/${productId}.svg`,
    attributes: [{ kind: 'text', name: 'material', label: 'Material', value: 'wool' }],
    variants: [
      {
        sku,
        name,
        attributes: [{ kind: 'choice', name: 'size', label: 'Size', value: 'M' }],
        prices: prices(minor),
      },
    ],
  }
}

function person(customerId: string, name: string, market: 'IT' | 'GB' | 'CH'): DemoData['customers'][number] {
  const address = { name, line1: 'Via Dante 7', postalCode: '20121', city: 'Milan', country: 'IT' }
  return {
    customerId,
    name,
    email: `${name.toLowerCase()}@example.test`,
    language: 'en',
    market,
    addresses: [address],
  }
}

function place(locationId: string, kind: 'DC' | 'STORE'): DemoData['locations'][number] {
  return {
    locationId,
    kind,
    name: locationId,
    address: { line1: 'Via Roma 1', postalCode: '20121', city: 'Milan', country: 'IT' },
    latitude: 45.46,
    longitude: 9.19,
    timeZone: 'Europe/Rome',
    openingHours: [{ weekday: 1, opens: '09:00', closes: '18:00' }],
  }
}

export const goods: DemoData = {
  categories: [{ handle: 'goods', name: 'Goods' }],
  products: [
    product(JUMPER, 'Navy Jumper', 8900),
    product(MUG, 'Rust Mug', 1250),
    product(LAST_LAMP, 'Last Lamp', 14900),
  ],
  locations: [place('DC-MIL', 'DC'), place('ST-MIL', 'STORE')],
  stock: [
    { sku: JUMPER, levels: [{ locationId: 'DC-MIL', onHand: 100 }] },
    { sku: MUG, levels: [{ locationId: 'DC-MIL', onHand: 1000 }] },
    { sku: LAST_LAMP, levels: [{ locationId: 'DC-MIL', onHand: 1 }] },
  ],
  customers: [person('CU-ada', 'Ada', 'IT'), person('CU-bo', 'Bo', 'GB'), person('CU-cleo', 'Cleo', 'CH')],
  orders: [],
}
