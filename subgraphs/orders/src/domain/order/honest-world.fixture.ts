import { adaOrder, allocations, notice } from './ada-order.fixture.ts'
import type { LaterCommand } from './decider.ts'
import type { OrderEvent } from './event.ts'

/** What the others are like in one run. */
export interface WorldPlan {
  readonly card: 'good' | 'bad'
  /** The provider forgot that it had authorised, and did it again. */
  readonly paysTwice: boolean
  readonly stock: 'enough' | 'none'
  readonly oneParcel: boolean
}

/** Something that somebody will do when it is their turn; it answers what they tell us then. */
export type Task = () => readonly LaterCommand[]

/**
 * Payment provider, inventory, warehouse and ERP as they promise to be: each remembers what it did
 * and answers the same when asked again. Only the order of things is left to chance.
 */
export function createHonestWorld(plan: WorldPlan): (event: OrderEvent) => readonly Task[] {
  const picks = new Map<string, 'shipped' | 'stopped'>()

  const authorise = (paymentId: string): Task => {
    return () => [
      plan.card === 'good'
        ? { type: 'recordPaymentAuthorised', paymentId }
        : { type: 'recordPaymentDeclined', reason: 'other' },
    ]
  }
  const giveBack =
    (paymentId: string): Task =>
    () => [{ type: 'recordVoided', paymentId }]
  const pick = (shipmentId: string): Task => {
    return () => {
      if (picks.get(shipmentId) === 'stopped') return []
      picks.set(shipmentId, 'shipped')
      return [{ type: 'recordShipped', shipmentId, ...notice }]
    }
  }
  const stop = (shipmentId: string): Task => {
    return () => {
      if (picks.get(shipmentId) === 'shipped') return [{ type: 'recordPickCancellationRefused', shipmentId }]
      picks.set(shipmentId, 'stopped')
      return [{ type: 'recordPickCancelled', shipmentId }]
    }
  }

  return ({ type, data }) => {
    switch (type) {
      case 'OrderCreated':
        return plan.paysTwice ? [authorise('PAY-1'), authorise('PAY-2')] : [authorise('PAY-1')]
      case 'OrderProcessed':
        return [() => [plan.stock === 'none' ? { type: 'rejectForStock' } : reserved(plan)]]
      case 'ShipmentPrepared':
        return [pick(data.shipmentId)]
      case 'OrderCancellationRequested':
        return data.shipmentIds.map(stop)
      case 'OrderFulfilled':
        return [
          () => [{ type: 'recordCaptured', paymentId: data.paymentId }],
          () => [{ type: 'recordPosted', postingId: 'ERP-1' }],
        ]
      case 'OrderCancelled':
        return data.paymentId ? [giveBack(data.paymentId)] : []
      case 'SurplusPaymentAuthorised':
        return [giveBack(data.paymentId)]
      case 'PaymentDeclined':
      case 'PaymentCaptured':
      case 'PaymentVoided':
      case 'ShipmentCancelled':
      case 'ShipmentProcessed':
      case 'OrderCancellationRefused':
      case 'OrderPosted':
        return []
    }
  }
}

function reserved(plan: WorldPlan): LaterCommand {
  const lines = adaOrder.lines.map(({ lineId, sku, quantity }) => ({ lineId, sku, quantity }))
  return {
    type: 'prepareShipments',
    allocations: plan.oneParcel ? [{ locationId: 'DC-MILAN', lines }] : allocations,
  }
}
