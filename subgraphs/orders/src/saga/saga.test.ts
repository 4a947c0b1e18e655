import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import aslValidator from 'asl-validator'
import { adaOrder, allocations, given, notice, stories } from '../domain/order/ada-order.fixture.ts'
import type { LaterCommand, OrderCommand } from '../domain/order/decider.ts'
import type { OrderEvent } from '../domain/order/event.ts'
import { orderReactions } from '../reactions.ts'
import { orderSagaAsl } from './order-saga-asl.ts'
import { sagaFiles } from './saga-files.ts'
import { type SagaStep, type SagaWay, sagaSteps } from './saga-steps.ts'

const ways = sagaSteps.flatMap((step) => step.ways.map((way) => ({ step, way })))
const never = async (): Promise<never> => Promise.reject(new Error('Nobody is asked here.'))
const reactions = orderReactions({
  payments: { authorise: never, capture: never, voidAuthorisation: never },
  ledger: { post: never },
  store: openMemoryStore({ clock: createVirtualClock() }),
})

const ada = { kind: 'customer', customerId: adaOrder.customerId ?? '' } as const
const commands: Readonly<Record<LaterCommand['type'], OrderCommand>> = {
  cancelOrder: { type: 'cancelOrder', viewer: ada, reason: 'too small' },
  endForLapse: { type: 'endForLapse' },
  prepareShipments: { type: 'prepareShipments', allocations },
  recordCaptured: { type: 'recordCaptured', paymentId: 'PAY-1' },
  recordPaymentAuthorised: { type: 'recordPaymentAuthorised', paymentId: 'PAY-1' },
  recordPaymentDeclined: { type: 'recordPaymentDeclined', reason: 'insufficient_funds' },
  recordPickCancellationRefused: { type: 'recordPickCancellationRefused', shipmentId: 'O-1-2' },
  recordPickCancelled: { type: 'recordPickCancelled', shipmentId: 'O-1-2' },
  recordPosted: { type: 'recordPosted', postingId: 'B-1' },
  recordShipped: { type: 'recordShipped', shipmentId: 'O-1-2', ...notice },
  recordVoided: { type: 'recordVoided', paymentId: 'PAY-1' },
  rejectForStock: { type: 'rejectForStock' },
}

/** Where an order may stand while it waits in a step. */
const standing: Readonly<Record<SagaStep['name'], readonly (readonly OrderEvent[])[]>> = {
  AuthorisePayment: [stories.created, stories.cancelledUnpaid],
  ReserveStock: [stories.processed],
  SendGoods: [stories.prepared, stories.partlyShipped],
  StopPicks: [stories.cancelAsked, [...stories.cancelAsked, stopped('O-1-1')]],
  CapturePayment: [stories.fulfilled],
  PostOrder: [stories.captured],
  VoidPayment: [
    stories.cancelled,
    [
      ...stories.cancelledUnpaid,
      {
        type: 'SurplusPaymentAuthorised',
        data: { orderId: 'O-1', paymentId: 'PAY-1', amount: adaOrder.total },
      },
    ],
  ],
}

function stopped(shipmentId: string): OrderEvent {
  return { type: 'ShipmentCancelled', data: { orderId: 'O-1', shipmentId } }
}

/** The kinds of facts that a command leads to, wherever the order may stand in this step. */
function factsOf(step: SagaStep, { command }: SagaWay): string[] {
  return standing[step.name].flatMap((story) => {
    const decided = given(...story).when(commands[command])
    return decided.ok ? decided.value.map(({ type }) => type) : []
  })
}

describe('the table of the saga', () => {
  it('has every reaction with every fact that it listens to, and no other', () => {
    const listened = reactions.flatMap(({ name, pattern }) =>
      [pattern['detail-type'] ?? []].flat().map((type) => `${name} on ${type}`),
    )
    const tabled = new Set(
      ways.flatMap(({ way: { by, on } }) => (on === undefined ? [] : [`${by} on ${on}`])),
    )
    expect([...tabled].sort()).toEqual(listened.sort())
  })

  it('has every command of an order', () => {
    const tabled = new Set(ways.map(({ way }) => way.command))
    expect([...tabled].sort()).toEqual(Object.keys(commands).sort())
  })

  it.each(ways.map(({ step, way }) => [step.name, way.command, way.fact, step, way] as const))(
    'is true: in %s, %s leads to %s',
    (_step, _command, fact, step, way) => {
      expect(factsOf(step, way)).toContain(fact)
    },
  )

  it('leads on to steps that begin with the fact it came by, where these are ours to do', () => {
    const own = new Set(reactions.flatMap(({ name, pattern }) => (isOurs(pattern) ? [name] : [])))
    for (const { way } of ways) {
      const next = sagaSteps.find(({ name }) => name === way.next)
      const begins = next?.ways.flatMap(({ by, on }) => (own.has(by) ? [on] : [])) ?? []
      if (begins.length > 0) expect(begins).toContain(way.fact)
    }
  })

  it('leads everywhere, and out again', () => {
    const reached = new Set<string>(['AuthorisePayment'])
    for (const name of reached)
      for (const { next } of sagaSteps.find((step) => step.name === name)?.ways ?? []) reached.add(next)
    expect([...reached].sort()).toEqual([...sagaSteps.map(({ name }) => name), 'Cancelled', 'Done'].sort())
  })
})

describe('the state machine', () => {
  it('is valid in the Amazon States Language', () => {
    const { isValid, errors } = aslValidator(JSON.parse(JSON.stringify(orderSagaAsl())))
    expect({ isValid, errors }).toEqual({ isValid: true, errors: [] })
  })

  it('is committed as it is generated; else run node subgraphs/orders/src/saga/saga-main.ts', () => {
    for (const { url, text } of sagaFiles()) expect(readFileSync(url, 'utf8')).toBe(text)
  })
})

function isOurs(pattern: { readonly source?: unknown }): boolean {
  return Array.isArray(pattern.source) && pattern.source.includes('orders')
}
