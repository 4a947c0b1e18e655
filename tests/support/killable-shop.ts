import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSimulators, type Simulators, simulatorEnv } from '@stoa/app/simulators'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { freePort, type ShopProcess, startShopProcess } from './shop-process.ts'

/** A shop process that can be killed and started again on the same folder and port. */
export interface KillableShop extends AsyncDisposable {
  readonly url: string
  /** They live on: they are somebody else's machines. */
  readonly vendors: Simulators
  readonly folder: string
  /** On its own folder, or on a copy of it. */
  start(folder?: string): Promise<ShopProcess>
}

const SECRET = 'a-secret-for-this-test-of-at-least-32-characters'

export async function openKillableShop(): Promise<KillableShop> {
  const folder = await mkdtemp(join(tmpdir(), 'stoa-kill-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const parts = { clock: systemClock, random: systemRandom, log: silentLog, secret: SECRET }
  await using opening = new AsyncDisposableStack()
  opening.defer(() => rm(folder, { recursive: true, force: true }))
  const vendors = opening.use(await openSimulators({ ...parts, shopUrl: url }))
  const args = ['--port', `${port}`, '--scale', '0.1', '--persist']
  const opened = opening.move()
  return {
    ...{ url, vendors, folder },
    // A test that fails half way leaves no process behind either.
    start: async (on = folder) =>
      opened.use(await startShopProcess({ args: [...args, on], env: simulatorEnv(vendors, SECRET) })),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
