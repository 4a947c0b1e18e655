import fc from 'fast-check'
import type { StockCommand } from './decide.ts'
import { everywhere, line, toGermany, toItaly } from './goods.fixture.ts'

const orderIds = fc.constantFrom('O-ada', 'O-bo', 'O-cleo')
const skus = fc.constantFrom('TEE', 'MUG')
const places = fc.constantFrom(...everywhere.map(({ locationId }) => locationId))
const units = fc.integer({ min: 1, max: 4 })
const lines = fc
  .array(fc.tuple(skus, units), { minLength: 1, maxLength: 3 })
  .map((drawn) => drawn.map(([sku, quantity], i) => line(sku, quantity, `line-${i}`)))
const times = fc.integer({ min: 1, max: 50 })
/** Everything that can happen to two SKUs, three orders and four places. */
export const stockCommands: fc.Arbitrary<StockCommand> = fc.oneof(
  fc.record({
    kind: fc.constant('reserve' as const),
    orderId: orderIds,
    lines,
    delivery: fc.constantFrom(toItaly, toGermany),
    locations: fc.constant(everywhere),
    expiresAt: times,
  }),
  fc.record({ kind: fc.constant('release' as const), orderId: orderIds, reason: fc.constant('CUSTOMER') }),
  fc.record({ kind: fc.constant('expire' as const), orderId: orderIds, now: times }),
  fc.record({ kind: fc.constant('keep' as const), orderId: orderIds }),
  fc.record({
    kind: fc.constant('ship' as const),
    orderId: orderIds,
    shipmentId: fc.constantFrom('S-1', 'S-2', 'S-3', 'S-4'),
    locationId: places,
    lines,
    shippedAt: times,
  }),
  fc.record({
    kind: fc.constant('count' as const),
    reference: fc.constant('count'),
    sku: skus,
    locationId: places,
    counted: fc.nat(8),
    countedAt: times,
  }),
  fc.record({
    kind: fc.constant('adjust' as const),
    reference: fc.constant('operator:cleo'),
    sku: skus,
    locationId: places,
    onHand: fc.nat(8),
    compareOnHand: fc.nat(8),
    reason: fc.constant('broken'),
    now: times,
  }),
)
