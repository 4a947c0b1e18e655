import { join } from 'node:path'
import { type ErpSimulator, openErpSimulator } from '@stoa/adapter-erp/simulator'
import { type NotificationSimulator, openNotificationSimulator } from '@stoa/adapter-notification/simulator'
import { openPaymentSimulator, type PaymentSimulator } from '@stoa/adapter-payment/simulator'
import { openWmsSimulator, type WmsSimulator } from '@stoa/adapter-wms/simulator'
import type { Clock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import type { Random } from '@stoa/platform/random'
import type { Env } from '@stoa/platform/subgraph'
import { openNear, type Ports } from './ports.ts'

/** The vendors of the demo, each behind its own port with its own ledger. */
export interface Simulators extends AsyncDisposable {
  readonly payment: PaymentSimulator
  readonly wms: WmsSimulator
  readonly erp: ErpSimulator
  readonly notification: NotificationSimulator
}

export interface SimulatorParts {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Where their journals lie; absent: in memory. */
  readonly folder?: string
  /** Taken when they are free. Default: any. */
  readonly ports?: Ports
  /** Where the shop takes notices, without a slash at the end. */
  readonly shopUrl: string
  readonly secret: string
}

export async function openSimulators(parts: SimulatorParts): Promise<Simulators> {
  await using opening = new AsyncDisposableStack()
  const { clock, random, ports = {} } = parts
  const base = (name: string): { clock: Clock; random: Random; log: Log; file?: string } => ({
    clock,
    random,
    log: parts.log.child({ simulator: name }),
    ...(parts.folder === undefined ? {} : { file: join(parts.folder, `simulator-${name}.jsonl`) }),
  })
  const webhook = (name: string): { url: string; secret: string } => ({
    url: `${parts.shopUrl}/hooks/${name}`,
    secret: parts.secret,
  })
  const payment = opening.use(
    await openNear(ports.payment, (port) => openPaymentSimulator({ ...base('payment'), port })),
  )
  const wms = opening.use(
    await openNear(ports.wms, (port) => openWmsSimulator({ ...base('wms'), webhook: webhook('wms'), port })),
  )
  const erp = opening.use(
    await openNear(ports.erp, (port) => openErpSimulator({ ...base('erp'), webhook: webhook('erp'), port })),
  )
  const notification = opening.use(
    await openNear(ports.notification, (port) =>
      openNotificationSimulator({ ...base('notification'), port }),
    ),
  )
  const opened = opening.move()
  return { payment, wms, erp, notification, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

/** Where one vendor's simulator is. */
export interface SimulatorAddress {
  readonly name: string
  readonly url: string
}

export function simulatorUrls(simulators: Simulators): readonly SimulatorAddress[] {
  const { payment, wms, erp, notification } = simulators
  return Object.entries({ payment, wms, erp, notification }).map(([name, { url }]) => ({ name, url }))
}

/** How the subgraphs find them: the same variables that point at real vendors in production. */
export function simulatorEnv(simulators: Simulators, secret: string): Env {
  return { ...addressEnv(simulatorUrls(simulators)), WEBHOOK_SECRET: secret }
}

/** `PAYMENT_URL` and so on. */
export function addressEnv(addresses: readonly SimulatorAddress[]): Env {
  return Object.fromEntries(addresses.map(({ name, url }) => [`${name.toUpperCase()}_URL`, url]))
}
