import { connect, type Socket } from 'node:net'
import type { Address } from './address.ts'

/** The bytes read last are at the start of `bytes`, `count` of them, until the callback returns. */
export type OnBytes = (count: number) => boolean

export interface SocketOptions {
  readonly address: Address
  /** Whose certificates are trusted, PEM; undefined: those that Node trusts. */
  readonly ca: string | undefined
}

/** A socket on its way to being connected that reads into `bytes` only: no stream, no buffer for each read. */
export function openSocket({ address, ca }: SocketOptions, bytes: Buffer, onBytes: OnBytes): Socket {
  const { host, port, serverName, isSecure } = address
  const plain = { host, port, noDelay: true, keepAlive: true, onread: { buffer: bytes, callback: onBytes } }
  if (!isSecure) return connect(plain)
  // Loaded for whoever needs it.
  const tls = process.getBuiltinModule('node:tls')
  return tls.connect({
    ...plain,
    ALPNProtocols: ['http/1.1'],
    ...(serverName !== undefined && { servername: serverName }),
    ...(ca !== undefined && { ca }),
  })
}
