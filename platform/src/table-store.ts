import type { JsonObject } from './json.ts'

/**
 * Rows by primary key, as DynamoDB has them: a partition, a sort key inside it, a version.
 * A second way to find a row is a second row, written in the same transaction.
 */
export interface TableStore {
  get(key: RowKey): Promise<Row | undefined>
  /** Same order as the keys, `undefined` where there is none. One round trip per 100 keys at most. */
  getMany(keys: readonly RowKey[]): Promise<readonly (Row | undefined)[]>
  /** Rows of one partition in order of their sort key. */
  query(query: RowQuery): Promise<RowPage>
}

export interface RowKey {
  readonly table: string
  readonly partition: string
  /** Compared by UTF-8 bytes, as DynamoDB does. */
  readonly sort: string
}

export interface Row extends RowKey {
  /** 1 when first written, one more with each write. */
  readonly version: number
  readonly value: JsonObject
}

export interface RowQuery {
  readonly table: string
  readonly partition: string
  /** Only sort keys beginning with this. */
  readonly prefix?: string
  /** Exclusive: the sort key where the last page ended. */
  readonly after?: string
  /** Newest (highest) first. */
  readonly descending?: boolean
  /** 1 to 1,000. */
  readonly limit: number
}

export interface RowPage {
  readonly rows: readonly Row[]
  /** Give it as `after` for the next page; absent at the end. */
  readonly next?: string
}

export interface RowWrite extends RowKey {
  /** Absent: the row is deleted. */
  readonly value?: JsonObject
  /** What must be true for the whole transaction to happen. Default `any`. */
  readonly expect?: 'any' | 'absent' | RowVersion
  /** Epoch milliseconds after which the row may vanish by itself; correctness never depends on it. */
  readonly expiresAt?: number
}

export interface RowVersion {
  readonly version: number
}
