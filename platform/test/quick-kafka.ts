/** A cluster of one broker, and processes that are missed after a second: the broker must allow so short a session. */
export const quickKafka = {
  partitions: 3,
  identityPartitions: 1,
  replicas: 1,
  minInsyncReplicas: 1,
  sessionMs: 1000,
  handoverMs: 500,
  leaseMs: 200,
  closeMs: 300,
} as const

export const quickBroker = { 'group.min.session.timeout.ms': 500 } as const
