import type { OpenCart, PriceList } from './cart.ts'

/** Two shirts and a mug, in Italy. */
export const aCart: OpenCart = {
  status: 'OPEN',
  cartId: 'C-1',
  market: 'IT',
  customerId: 'CU-ADA',
  lines: [
    { lineId: 'L1', sku: 'TEE-1', quantity: 2, seenMinor: 1_500 },
    { lineId: 'L2', sku: 'MUG-1', quantity: 1, seenMinor: 1_000 },
  ],
  nextLine: 3,
}

export const prices: PriceList = new Map([
  ['TEE-1', { amount: { minor: 1_500, currency: 'EUR' }, productId: 'P-1', name: 'Shirt' }],
  ['MUG-1', { amount: { minor: 1_000, currency: 'EUR' }, productId: 'P-2', name: 'Mug' }],
  ['HAT-1', { amount: { minor: 2_000, currency: 'EUR' }, productId: 'P-3', name: 'Hat' }],
])
