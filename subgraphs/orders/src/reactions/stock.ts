import type { Reaction } from './reaction.ts'

/** What inventory and warehouses tell, and what follows from it for an order. */
export const stockReactions: readonly Reaction[] = [
  {
    name: 'orders.prepare',
    pattern: { source: ['inventory'], 'detail-type': ['StockReserved'] },
    async toCommand({ type, data }) {
      if (type !== 'StockReserved') return undefined
      const { orderId, allocations } = data
      return { orderId, command: { type: 'prepareShipments', allocations } }
    },
  },
  {
    name: 'orders.reject',
    pattern: { source: ['inventory'], 'detail-type': ['StockRejected'] },
    async toCommand({ type, data }) {
      if (type !== 'StockRejected') return undefined
      return { orderId: data.orderId, command: { type: 'rejectForStock' } }
    },
  },
  {
    name: 'orders.lapsed',
    pattern: { source: ['inventory'], 'detail-type': ['StockReleased'], detail: { reason: ['EXPIRED'] } },
    async toCommand({ type, data }) {
      if (type !== 'StockReleased') return undefined
      return { orderId: data.orderId, command: { type: 'endForLapse' } }
    },
  },
  {
    name: 'orders.shipped',
    pattern: { source: ['wms'], 'detail-type': ['WarehouseShipped'] },
    async toCommand({ type, data }) {
      if (type !== 'WarehouseShipped') return undefined
      const { orderId, shipmentId, carrier, trackingNumber, shippedAt } = data
      return { orderId, command: { type: 'recordShipped', shipmentId, carrier, trackingNumber, shippedAt } }
    },
  },
  {
    name: 'orders.pick-cancelled',
    pattern: { source: ['inventory'], 'detail-type': ['PickCancelled'] },
    async toCommand({ type, data }) {
      if (type !== 'PickCancelled') return undefined
      const { orderId, shipmentId } = data
      return { orderId, command: { type: 'recordPickCancelled', shipmentId } }
    },
  },
  {
    name: 'orders.pick-cancellation-refused',
    pattern: { source: ['inventory'], 'detail-type': ['PickCancellationRefused'] },
    async toCommand({ type, data }) {
      if (type !== 'PickCancellationRefused') return undefined
      const { orderId, shipmentId } = data
      return { orderId, command: { type: 'recordPickCancellationRefused', shipmentId } }
    },
  },
]
