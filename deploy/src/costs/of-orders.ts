import { assumptions, order } from './assumptions.ts'
import { type CostLine, costLine } from './cost-line.ts'
import { prices } from './prices.ts'

const MILLION = 1e6
const GIGABYTE = 1e9

/** What a million orders cost beyond what is paid anyway, with the browsing that leads to them. */
export function costOfOrders(orders: number = MILLION): readonly CostLine[] {
  const millions = orders / MILLION
  const gigabytes = (bytesAnOrder: number): number => (orders * bytesAnOrder) / GIGABYTE
  const browsing =
    assumptions.requestsAnOrder * assumptions.readUnitsARequest * (1 - assumptions.shareFromCache)
  const answered = gigabytes(assumptions.requestsAnOrder * assumptions.bytesAnAnswer)
  const kept = gigabytes(assumptions.bytesKeptAnOrder)
  return [
    costLine('DynamoDB, writes of the stores', millions * order.storeWriteUnits, prices.dynamoWrite),
    costLine('DynamoDB, writes of the bus', millions * busWrites(), prices.dynamoWrite),
    costLine('DynamoDB, reads for orders', millions * order.storeReadUnits, prices.dynamoRead),
    costLine('DynamoDB, reads for browsing', millions * browsing, prices.dynamoRead),
    costLine('DynamoDB, kept for the first month', kept, prices.dynamoStorage),
    costLine('DynamoDB, restorable to any second', kept, prices.dynamoBackup),
    costLine('EventBridge, events', millions * order.events, prices.event),
    costLine('EventBridge, archive', gigabytes(order.eventBytes), prices.eventArchive),
    costLine('SQS, requests', millions * order.deliveries * assumptions.queueRequestsADelivery, prices.queue),
    // Every fact is one of its deliveries; which it has is told by its cursor, so its books take next to nothing.
    costLine(
      'SQS, requests of the lake',
      millions * order.events * assumptions.queueRequestsADelivery,
      prices.queue,
    ),
    costLine('Load balancers, bytes through both', 2 * answered, prices.balancerUnit),
    costLine('Answers to the internet', answered, prices.out),
    costLine('NAT, to vendors', gigabytes(assumptions.vendorBytesAnOrder), prices.natBytes),
    costLine('Logs', gigabytes(assumptions.logBytesAnOrder), prices.logs),
    costLine('Lake, kept for the first month', gigabytes(order.eventBytes), prices.objects),
  ]
}

function busWrites(): number {
  const { busWriteUnitsAnEvent, busWriteUnitsADelivery } = assumptions
  return order.events * busWriteUnitsAnEvent + order.deliveries * busWriteUnitsADelivery
}
