import counted from '../../order-cost.json' with { type: 'json' }

/** What one order costs in units, and where each number is from. */
export const order: typeof counted = counted

/** What nobody counted. Change it to what your shop does. */
export const assumptions: Readonly<Record<Assumption, number>> = {
  ordersAMonth: 1_000_000,
  /** Two orders of a hundred visits, six graph requests a visit. */
  requestsAnOrder: 300,
  /** A page of products over three subgraphs: at most eight store calls, some of many keys. */
  readUnitsARequest: 20,
  /** Of requests that the gateway's cache answers, or for which subgraphs have it in memory. */
  shareFromCache: 0.5,
  bytesAnAnswer: 8_000,
  /** The bus's log writes three items an event in one transaction, its books about one a delivery. */
  busWriteUnitsAnEvent: 8,
  busWriteUnitsADelivery: 2,
  /** An event is asked for, handed over and deleted: three requests, before batching. */
  queueRequestsADelivery: 3,
  /** With rows, ids, index and books. */
  bytesKeptAnOrder: 40_000,
  logBytesAnOrder: 6_000,
  vendorBytesAnOrder: 30_000,
  /** Objects the lake writes an hour: types of fact, two formats, a batch each few minutes. */
  lakeObjectsAnHour: 2_000,
  compactionMinutesANight: 30,
  /** Each of six change feeds and its shards, four times a second. */
  streamReadsAnHour: 6 * 2 * 4 * 3600,
  /** Of a function that reacts: from the first fact of an order to the end of the quiet after its last. */
  functionSecondsAnOrder: 15,
  /** When there is nothing to do: as `reactions.aws.test.ts` took on a busy machine, a second of it for the quiet. */
  functionSecondsIdle: 3,
  /** Queues and rules brought up to date, and asked once: about eight a consumer. */
  functionQueueRequests: 100,
  /** Lambda asks a queue of bells all the time: five pollers, twenty seconds each. */
  functionPollsAMonth: 650_000,
  hoursAMonth: 730,
}

type Assumption =
  | 'ordersAMonth'
  | 'requestsAnOrder'
  | 'readUnitsARequest'
  | 'shareFromCache'
  | 'bytesAnAnswer'
  | 'busWriteUnitsAnEvent'
  | 'busWriteUnitsADelivery'
  | 'queueRequestsADelivery'
  | 'bytesKeptAnOrder'
  | 'logBytesAnOrder'
  | 'vendorBytesAnOrder'
  | 'lakeObjectsAnHour'
  | 'compactionMinutesANight'
  | 'streamReadsAnHour'
  | 'functionSecondsAnOrder'
  | 'functionSecondsIdle'
  | 'functionQueueRequests'
  | 'functionPollsAMonth'
  | 'hoursAMonth'
