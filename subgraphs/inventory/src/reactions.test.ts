import { describe, expect, it } from '@jest/globals'
import { Fault } from '@stoa/platform/fault'
import type { EventDelivery, EventQuantity } from '@stoa/schema/events'
import { line, milan, toItaly } from './domain/goods.fixture.ts'
import { importLocations } from './import.ts'
import { type Engine, openTestShop, type TestEvent, type TestShop } from './test-shop.fixture.ts'

const oneTee = [line('TEE', 1)]

function processed(
  orderId: string,
  lines: readonly EventQuantity[] = oneTee,
  delivery: EventDelivery = toItaly,
): TestEvent {
  const amount = { minor: 1990, currency: 'EUR' } as const
  const data = { orderId, paymentId: `PAY-${orderId}`, amount, market: 'IT', lines, delivery }
  return { type: 'OrderProcessed', data, id: `${orderId}-processed`, on: `order-${orderId}` }
}

function prepared(orderId: string, lines: readonly EventQuantity[] = oneTee, part: number = 1): TestEvent {
  const data = { orderId, shipmentId: `${orderId}-${part}`, locationId: 'DC-MILAN', lines, delivery: toItaly }
  return { type: 'ShipmentPrepared', data, id: `${orderId}-prepared-${part}`, on: `order-${orderId}` }
}

function shipped(shop: TestShop, orderId: string): TestEvent {
  const parcel = { carrier: 'Corriere', trackingNumber: 'T-1', shippedAt: shop.clock.now() }
  const data = { orderId, shipmentId: `${orderId}-1`, locationId: 'DC-MILAN', lines: oneTee, ...parcel }
  return { type: 'ShipmentProcessed', data, id: `${orderId}-shipped`, on: `order-${orderId}` }
}

function cancelled(orderId: string): TestEvent {
  return {
    type: 'OrderCancelled',
    data: { orderId, reason: 'CUSTOMER' },
    id: `${orderId}-cancelled`,
    on: `order-${orderId}`,
  }
}

function tees(onHand: number) {
  return [{ sku: 'TEE', levels: [{ locationId: 'DC-MILAN', onHand }] }]
}

async function types(shop: TestShop): Promise<readonly string[]> {
  return (await shop.told()).map(({ type }) => type).sort()
}

describe.each<Engine>(['memory', 'sqlite'])('on the %s store', (engine) => {
  it('sells exactly what is there to 200 who want one of 20', async () => {
    await using shop = await openTestShop(tees(20), engine)
    await shop.tell(...Array.from({ length: 200 }, (_, i) => processed(`O-${i}`)))
    for (
      let retry = 0;
      retry < 50 && (await types(shop)).filter((type) => isVerdict(type)).length < 200;
      retry++
    ) {
      shop.clock.advance(60_000)
      await shop.quiet()
    }
    const told = await types(shop)
    expect(told.filter((type) => type === 'StockReserved')).toHaveLength(20)
    expect(told.filter((type) => type === 'StockRejected')).toHaveLength(180)
    expect(told.filter((type) => type === 'StockMoved')).toHaveLength(20)
    expect(await shop.level('TEE', 'DC-MILAN')).toMatchObject({ available: 0, reserved: 20 })
    expect(await shop.bus.deadLetters()).toEqual([])
  })

  it('gives the last unit to one of two, and to the other when the first gives up', async () => {
    await using shop = await openTestShop(tees(1), engine)
    await shop.tell(processed('O-ada'), processed('O-bo'))
    expect(await types(shop)).toEqual(['AvailabilityChanged', 'StockMoved', 'StockRejected', 'StockReserved'])
    const winner = (await shop.told()).find(({ type }) => type === 'StockReserved')
    await shop.tell(cancelled(String(winner?.data['orderId'])))
    await shop.tell(processed('O-cleo'))
    expect((await shop.told()).map(({ type, data }) => [type, data['orderId']])).toContainEqual([
      'StockReserved',
      'O-cleo',
    ])
    expect(await shop.level('TEE', 'DC-MILAN')).toMatchObject({ available: 0, reserved: 1 })
  })
})

function isVerdict(type: string): boolean {
  return type === 'StockReserved' || type === 'StockRejected'
}

describe('an order', () => {
  it('is held, picked once and taken off the shelf', async () => {
    await using shop = await openTestShop(tees(5))
    await shop.tell(processed('O-ada'))
    await shop.tell(prepared('O-ada'))
    await shop.tell(shipped(shop, 'O-ada'))
    expect(await types(shop)).toEqual(['AvailabilityChanged', 'StockMoved', 'StockMoved', 'StockReserved'])
    expect(shop.warehouse.picked.map(({ shipmentId, locationId }) => [shipmentId, locationId])).toEqual([
      ['O-ada-1', 'DC-MILAN'],
    ])
    expect(await shop.level('TEE', 'DC-MILAN')).toMatchObject({ available: 4, reserved: 0 })
  })

  it('ends the same when everything is told twice, under new ids, in any order', async () => {
    await using shop = await openTestShop(tees(5))
    await shop.tell(processed('O-ada'))
    await shop.tell(prepared('O-ada'))
    await shop.tell(shipped(shop, 'O-ada'), processed('O-bo'))
    const before = await types(shop)
    const again = [shipped(shop, 'O-ada'), processed('O-ada'), prepared('O-ada'), processed('O-bo')]
    await shop.tell(...again.map((event, i) => ({ ...event, id: `again-${i}`, on: `elsewhere-${i}` })))
    expect(await types(shop)).toEqual(before)
    expect(shop.warehouse.picked).toHaveLength(1)
    expect(await shop.level('TEE', 'DC-MILAN')).toMatchObject({ available: 3, reserved: 1 })
  })

  it('that is cancelled before it was heard of holds nothing when it comes', async () => {
    await using shop = await openTestShop(tees(5))
    await shop.tell(cancelled('O-ada'))
    await shop.tell(processed('O-ada'))
    await shop.tell(prepared('O-ada'))
    expect(await types(shop)).toEqual(['StockReleased'])
    expect(shop.warehouse.picked).toEqual([])
    expect(await shop.level('TEE', 'DC-MILAN')).toMatchObject({ available: 5, reserved: 0 })
  })

  it('waits for a dead warehouse while others are served, and goes on when it is back', async () => {
    await using shop = await openTestShop(tees(5))
    shop.warehouse.broken = new Fault('UPSTREAM_UNAVAILABLE', 'The warehouse does not answer.')
    await shop.tell(processed('O-ada'))
    await shop.tell(prepared('O-ada'), processed('O-bo'))
    expect((await types(shop)).filter((type) => type === 'StockReserved')).toHaveLength(2)
    for (let hour = 0; hour < 2; hour++) {
      shop.clock.advance(3_600_000)
      await shop.quiet()
    }
    expect(shop.warehouse.picked).toEqual([])
    shop.warehouse.broken = undefined
    shop.clock.advance(600_000)
    await shop.quiet()
    expect(shop.warehouse.picked.map(({ shipmentId }) => shipmentId)).toEqual(['O-ada-1'])
  })
})

describe('a cancellation that needs the warehouse', () => {
  const wish: TestEvent = {
    type: 'OrderCancellationRequested',
    data: { orderId: 'O-ada', reason: 'too late', by: 'CUSTOMER', shipmentIds: ['O-ada-1', 'O-ada-2'] },
    id: 'O-ada-wish',
    on: 'order-O-ada',
  }

  it('is told shipment by shipment, once', async () => {
    await using shop = await openTestShop(tees(5))
    await shop.tell(wish)
    await shop.tell({ ...wish, id: 'again', on: 'elsewhere' })
    expect((await shop.told()).map(({ type, stream }) => [type, stream]).sort()).toEqual([
      ['PickCancelled', 'pick-O-ada-1'],
      ['PickCancelled', 'pick-O-ada-2'],
    ])
    expect(shop.warehouse.cancelled).toHaveLength(2)
  })

  it('is refused for what has left', async () => {
    await using shop = await openTestShop(tees(5))
    shop.warehouse.answer = 'shipped'
    await shop.tell(wish)
    expect(await types(shop)).toEqual(['PickCancellationRefused', 'PickCancellationRefused'])
  })
})

describe('a stock count', () => {
  function counted(units: number, countedAt: number, locationId: string = 'DC-MILAN'): TestEvent {
    const data = { sku: 'TEE', locationId, counted: units, countedAt }
    return { type: 'StockCounted', data, id: `count-${countedAt}`, on: `shelf-TEE-${locationId}` }
  }

  it('corrects the ledger and tells the new availability', async () => {
    await using shop = await openTestShop(tees(5))
    await shop.tell(counted(3, shop.clock.now()))
    expect(await types(shop)).toEqual(['AvailabilityChanged', 'ShelfCounted', 'StockMoved'])
    expect(await shop.level('TEE', 'DC-MILAN')).toMatchObject({ available: 3, reserved: 0 })
  })

  it('waits for the place where it was taken to be known', async () => {
    await using shop = await openTestShop(tees(5))
    await shop.tell(counted(3, shop.clock.now(), 'ATTIC'))
    expect(await shop.level('TEE', 'ATTIC')).toBeUndefined()
    await importLocations(shop.store, [{ ...milan, locationId: 'ATTIC' }])
    await shop.quiet()
    shop.clock.advance(60_000)
    await shop.quiet()
    expect(await shop.level('TEE', 'ATTIC')).toMatchObject({ available: 3 })
  })

  it('of less than nothing is a dead letter at once', async () => {
    await using shop = await openTestShop(tees(5))
    await shop.tell(counted(-1, shop.clock.now()))
    expect(await shop.bus.deadLetters()).toMatchObject([
      { consumer: 'inventory.counted', errorCode: 'BAD_REQUEST', exhausted: 'not_retryable' },
    ])
  })
})
