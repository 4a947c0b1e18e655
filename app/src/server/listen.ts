import type { Server } from 'node:http'
import { Fault } from '@stoa/platform/fault'
import { invariant } from '@stoa/platform/invariant'

export interface Listening {
  readonly url: string
  readonly port: number
  /** Ports that were asked for and taken by somebody else. */
  readonly busy: readonly number[]
}

const TRIES = 20
const HIGHEST_PORT = 65_535

/** Listens on the wanted port of 127.0.0.1 or, when that is taken, on the next free one of as many as it tries (default 20). 0 takes any. */
export async function listenFrom(server: Server, wanted: number, tries: number = TRIES): Promise<Listening> {
  const busy: number[] = []
  const last = Math.min(wanted + tries - 1, HIGHEST_PORT)
  for (let port = wanted; port <= last; port++) {
    if (await tryListen(server, port)) return { ...addressOf(server), busy }
    busy.push(port)
  }
  throw new Fault(
    'OVERLOADED',
    `Ports ${wanted} to ${last} are all taken. Free one or give another with --port.`,
  )
}

function tryListen(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (reason: NodeJS.ErrnoException): void => {
      server.off('listening', onListening)
      if (reason.code === 'EADDRINUSE') resolve(false)
      else reject(unusable(port, reason))
    }
    const onListening = (): void => {
      server.off('error', onError)
      resolve(true)
    }
    server.once('error', onError)
    server.once('listening', onListening)
    server.listen(port, '127.0.0.1')
  })
}

function unusable(port: number, cause: NodeJS.ErrnoException): Fault {
  const message = `Port ${port} cannot be listened on (${cause.code}). Give another with --port.`
  return new Fault('BAD_CONFIG', message, { cause })
}

function addressOf(server: Server): { url: string; port: number } {
  const address = server.address()
  invariant(address !== null && typeof address === 'object', 'a listening TCP server has an address')
  return { url: `http://localhost:${address.port}`, port: address.port }
}
