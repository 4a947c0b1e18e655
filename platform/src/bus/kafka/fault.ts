import { engineFault } from '../../engine-fault.ts'
import type { EngineFaultKind } from '../../engine-fault-kinds.ts'
import { Fault, type FaultCode } from '../../fault.ts'

/** Whatever the client threw, as a fault that says what to do; the client's own words stay in the cause. */
export function kafkaFault(reason: unknown): Fault {
  if (reason instanceof Fault) return reason
  const { code, kind, message } =
    answers.find(({ errors }) => errors.some((id) => isError(reason, id))) ?? away
  return engineFault(code, message, { engine: 'kafka', kind, cause: reason })
}

/** Whether the broker answered with this error, on its own or among others: the client wraps them in several layers. */
export function isError(reason: unknown, id: string): boolean {
  if (typeof reason !== 'object' || reason === null) return false
  if ('apiId' in reason && reason.apiId === id) return true
  if ('code' in reason && reason.code === id) return true
  if ('errors' in reason && Array.isArray(reason.errors) && reason.errors.some((one) => isError(one, id)))
    return true
  return 'cause' in reason && isError(reason.cause, id)
}

interface Answer {
  readonly errors: readonly string[]
  readonly code: FaultCode
  readonly kind: EngineFaultKind
  readonly message: string
}

/** Names of https://kafka.apache.org/protocol#protocol_error_codes, and codes of the client. */
const answers: readonly Answer[] = [
  {
    errors: ['PLT_KFK_AUTHENTICATION', 'SASL_AUTHENTICATION_FAILED'],
    code: 'UNAUTHENTICATED',
    kind: 'credentials_invalid',
    message: 'Kafka does not accept our credentials. Renew them and start again.',
  },
  {
    errors: ['TOPIC_AUTHORIZATION_FAILED', 'GROUP_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED'],
    code: 'FORBIDDEN',
    kind: 'forbidden',
    message:
      'Kafka refuses us: allow Read, Write, Describe and DescribeConfigs on our topics, and Read on our groups.',
  },
  {
    errors: ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'],
    code: 'BAD_REQUEST',
    kind: 'oversized',
    message:
      "The broker takes no batch of this size. Raise the topic's max.message.bytes, or set maxBytes to what it takes.",
  },
  {
    errors: ['INVALID_TIMESTAMP'],
    code: 'BAD_CONFIG',
    kind: 'clock_skew',
    message: "The broker's clock and ours are more than an hour apart. Set them by the same time server.",
  },
  {
    errors: ['UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_ID', 'PLT_KFK_USER'],
    code: 'STORE_UNAVAILABLE',
    kind: 'topic_missing',
    message: 'A topic of the event bus is not there any more. Restore it, or start again to have it created.',
  },
  {
    errors: [
      'NOT_LEADER_OR_FOLLOWER',
      'LEADER_NOT_AVAILABLE',
      'FENCED_LEADER_EPOCH',
      'NOT_ENOUGH_REPLICAS',
      'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
    ],
    code: 'STORE_UNAVAILABLE',
    kind: 'leader_away',
    message: 'A partition has no leader, or too few replicas, at the moment. Try again.',
  },
  {
    errors: ['OFFSET_OUT_OF_RANGE'],
    code: 'STORE_CORRUPT',
    kind: 'trimmed',
    message:
      'What was to be read has been deleted from the topic. Set retention.ms and retention.bytes to -1.',
  },
]

const away: Omit<Answer, 'errors'> = {
  code: 'STORE_UNAVAILABLE',
  kind: 'away',
  message: 'Kafka does not answer. Try again.',
}
