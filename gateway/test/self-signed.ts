import { generateKeyPairSync, sign } from 'node:crypto'

export interface SelfSigned {
  /** PEM. */
  readonly key: string
  /** PEM, for 127.0.0.1, good until 2049. */
  readonly cert: string
}

/** A certificate that signs itself (RFC 5280), of a key made on the spot. */
export function createSelfSigned(): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecdsaSha256 = der(SEQUENCE, der(OID, hex('2a8648ce3d040302')))
  const commonName = der(SEQUENCE, der(OID, hex('550403')), der(UTF8_STRING, Buffer.from('ada')))
  const name = der(SEQUENCE, der(SET, commonName))
  const addresses = der(SEQUENCE, der(IP_ADDRESS, Buffer.of(127, 0, 0, 1)))
  const alternativeNames = der(SEQUENCE, der(OID, hex('551d11')), der(OCTET_STRING, addresses))
  const signed = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, Buffer.of(2))),
    der(INTEGER, Buffer.of(1)),
    ecdsaSha256,
    name,
    der(SEQUENCE, time('200101000000Z'), time('491231235959Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(EXTENSIONS, der(SEQUENCE, alternativeNames)),
  )
  const signature = der(BIT_STRING, Buffer.of(0), sign('sha256', signed, privateKey))
  const whole = der(SEQUENCE, signed, ecdsaSha256, signature)
  const lines = whole.toString('base64').replace(/.{64}/g, '$&\n')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  }
}

/** Tag, length, contents. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const all = Buffer.concat(contents)
  const { length } = all
  if (length < 128) return Buffer.concat([Buffer.of(tag, length), all])
  return Buffer.concat([Buffer.of(tag, 0x82, length >> 8, length & 255), all])
}

function time(text: string): Buffer {
  return der(UTC_TIME, Buffer.from(text))
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex')
}

const INTEGER = 0x02
const BIT_STRING = 0x03
const OCTET_STRING = 0x04
const OID = 0x06
const UTF8_STRING = 0x0c
const UTC_TIME = 0x17
const SEQUENCE = 0x30
const SET = 0x31
const IP_ADDRESS = 0x87
const VERSION = 0xa0
const EXTENSIONS = 0xa3
