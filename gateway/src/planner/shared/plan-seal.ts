import { createHmac, timingSafeEqual } from 'node:crypto'

/** Tells what gateways wrote from what anybody else did. */
export interface Seal {
  /** The name of something that only who knows the secret can work out. */
  nameOf(parts: readonly string[]): string
  close(name: string, text: string): string
  /** Undefined when it was not closed under this name, or is damaged. */
  open(name: string, sealed: string): string | undefined
}

/** Without a secret it shows damage alone, as anybody can close it. */
export function createSeal(secret = ''): Seal {
  // A key of its own, as the secret signs other things, too.
  const key = createHmac('sha256', secret).update('stoa: shared plans').digest()
  const sign = (kind: string, text: string): string =>
    createHmac('sha256', key).update(`${kind}\n${text}`).digest('base64url')
  const signed = (name: string, text: string): string => sign('value', `${name}\n${text}`)
  return {
    nameOf: (parts) => sign('name', JSON.stringify(parts)),
    close: (name, text) => signed(name, text) + text,
    open(name, sealed) {
      const text = sealed.slice(SIGNATURE_LENGTH)
      const [given, own] = [sealed.slice(0, SIGNATURE_LENGTH), signed(name, text)].map((one) =>
        Buffer.from(one),
      )
      const isOurs = given && own && given.length === own.length && timingSafeEqual(given, own)
      return isOurs ? text : undefined
    },
  }
}

/** Of 32 bytes in base64url. */
const SIGNATURE_LENGTH = 43
