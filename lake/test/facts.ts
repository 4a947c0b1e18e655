import type { Envelope } from '@stoa/platform/event'

const TYPES = ['OrderCreated', 'StockReserved', 'PaymentAuthorized'] as const
const DAY_MS = 86_400_000
const START = Date.UTC(2026, 10, 19, 22)

/** Facts of many streams over three days: `count` events, the same for the same arguments. */
export function facts(count: number, streams = 40): Envelope[] {
  return Array.from({ length: count }, (_, i) =>
    fact(`order-O-${i % streams}`, Math.floor(i / streams) + 1, i),
  )
}

export function fact(stream: string, version: number, i: number): Envelope {
  return {
    id: `${stream}@${version}`,
    type: TYPES[i % TYPES.length] ?? 'OrderCreated',
    at: START + (i % 3) * DAY_MS + i,
    stream,
    version,
    source: 'orders',
    data: {
      orderId: stream,
      lines: [{ sku: 'TEE-1', quantity: i }],
      note: i % 2 === 0 ? 'Grüße, “ada”\n' : null,
    },
    meta: {
      correlationId: `R-${i}`,
      ...(i % 2 === 0 ? { causationId: `E-${i}` } : {}),
      ...(i % 5 === 0 ? { imported: true } : {}),
    },
  }
}
