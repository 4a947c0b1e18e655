import type { BaseOptions } from '@platformatic/kafka'

/** Where the brokers are, and how to come in. */
export interface KafkaConnection {
  /** `host:port`, one or more of the cluster. */
  readonly brokers: readonly string[]
  /** Our name in the broker's logs and quotas. Default `stoa`. */
  readonly clientId?: string
  /** Over TLS: the options of Node's `tls.connect`; an empty object trusts the system's authorities. */
  readonly tls?: BaseOptions['tls']
  /** SCRAM, PLAIN, or OAUTHBEARER with a token function, as MSK with IAM wants it. */
  readonly sasl?: BaseOptions['sasl']
}

/**
 * What all our clients have in common. A request is answered within 5 s or tried again, three times with short pauses, so
 * nobody waits much longer than 20 s to learn that the brokers are away; at once when they refuse to talk.
 */
export function clientOptions(connection: KafkaConnection): BaseOptions {
  const { brokers, clientId = 'stoa', tls, sasl } = connection
  return {
    clientId,
    bootstrapBrokers: [...brokers],
    connectTimeout: 3000,
    requestTimeout: 5000,
    timeout: 4000,
    retries: 3,
    retryDelay: 150,
    ...(tls === undefined ? {} : { tls }),
    ...(sasl === undefined ? {} : { sasl }),
  }
}
