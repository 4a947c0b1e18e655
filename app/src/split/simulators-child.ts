import { Fault } from '@stoa/platform/fault'
import { openSimulators, simulatorUrls } from '../simulators.ts'
import { type ChildParts, tellParent } from './child-parts.ts'

/** All vendors in one process: none of them is ours to scale. */
export async function runSimulatorsChild(parts: ChildParts): Promise<AsyncDisposable> {
  const { clock, random, log, folder, env, webhookSecret, ports } = parts
  const shopUrl = env['STOA_SHOP_URL']
  if (shopUrl === undefined)
    throw new Fault('BAD_CONFIG', 'Expected STOA_SHOP_URL, the address of the shop; got nothing.')
  const simulators = await openSimulators({
    clock,
    random,
    log,
    folder,
    ports,
    shopUrl,
    secret: webhookSecret,
  })
  tellParent({ type: 'listening', url: shopUrl, simulators: simulatorUrls(simulators) })
  return simulators
}
