import { isIP } from 'node:net'
import { Fault } from '@stoa/platform/fault'

/** Where a subgraph answers, as its URL says. */
export interface Address {
  readonly isSecure: boolean
  /** Without the brackets of an IPv6 address. */
  readonly host: string
  readonly port: number
  /** What a certificate must be for; none for an IP address. */
  readonly serverName: string | undefined
  /** For the `host` header. */
  readonly authority: string
  /** With the search. */
  readonly path: string
}

/** Throws BAD_CONFIG for what is no `http:` or `https:` URL, and for one that holds a user name or password. */
export function parseAddress(name: string, text: string): Address {
  const url = URL.parse(text)
  const isSecure = url?.protocol === 'https:'
  if (!url || !(isSecure || url.protocol === 'http:'))
    throw new Fault('BAD_CONFIG', `Expected the URL of ${name} to begin with http:// or https://.`)
  // Whatever logs the URL would log these.
  if (url.username !== '' || url.password !== '')
    throw new Fault('BAD_CONFIG', `Expected the URL of ${name} without user name and password. Remove them.`)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return {
    isSecure,
    host,
    port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
    serverName: isIP(host) === 0 ? host : undefined,
    authority: url.host,
    path: `${url.pathname}${url.search}`,
  }
}
