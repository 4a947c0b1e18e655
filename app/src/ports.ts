import type { SimulatorAddress } from './simulators.ts'

/** Where the issuer and the simulators listen; absent or 0 takes any free port. */
export type Ports = Readonly<Partial<Record<(typeof NAMES)[number], number>>>

const NAMES = ['issuer', 'payment', 'wms', 'erp', 'notification'] as const
/** As many ports as a shop tries for itself, so that shops side by side do not meet. */
const STEP = 20
const HIGHEST_PORT = 65_535

/** Follows from the shop's own port, so that all are the same after a restart: 4000 gives 4020, 4040 and so on. */
export function portsBeside(port: number): Ports {
  if (port === 0 || port + NAMES.length * STEP > HIGHEST_PORT) return {}
  return Object.fromEntries(NAMES.map((name, index) => [name, port + (index + 1) * STEP]))
}

/** Of those that run already. */
export function portsOf(addresses: readonly SimulatorAddress[]): Ports {
  return Object.fromEntries(addresses.map(({ name, url }) => [name, Number(new URL(url).port)]))
}

/** Opens on the wanted port or, when somebody else has it, on any. */
export async function openNear<T>(
  wanted: number | undefined,
  open: (port: number) => Promise<T>,
): Promise<T> {
  try {
    return await open(wanted ?? 0)
  } catch (reason) {
    if (!isTaken(reason)) throw reason
    return await open(0)
  }
}

function isTaken(reason: unknown): boolean {
  return typeof reason === 'object' && reason !== null && 'code' in reason && reason.code === 'EADDRINUSE'
}
