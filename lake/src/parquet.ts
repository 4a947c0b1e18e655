import { zstdCompressSync } from 'node:zlib'
import type { Envelope } from '@stoa/platform/event'
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer'

/**
 * One row an event. `day` and `type` are also in the key; `type` stands in the file too, so that a file that was
 * carried elsewhere says what it holds. Times are UTC. `data` is JSON as text: its shape differs from type to type.
 */
export function encodeParquet(events: readonly Envelope[]): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: columns(events),
      codec: 'ZSTD',
      compressors: { ZSTD: (input) => zstdCompressSync(input) },
      rowGroupSize: ROWS_A_GROUP,
      createdBy: 'stoa',
    }),
  )
}

const ROWS_A_GROUP = 50_000

function columns(events: readonly Envelope[]): ColumnSource[] {
  return [
    { name: 'id', type: 'STRING', nullable: false, data: events.map(({ id }) => id) },
    { name: 'type', type: 'STRING', nullable: false, data: events.map(({ type }) => type) },
    { name: 'source', type: 'STRING', nullable: false, data: events.map(({ source }) => source) },
    { name: 'stream', type: 'STRING', nullable: false, data: events.map(({ stream }) => stream) },
    { name: 'version', type: 'INT32', nullable: false, data: events.map(({ version }) => version) },
    { name: 'happened_at', type: 'TIMESTAMP', nullable: false, data: events.map(({ at }) => new Date(at)) },
    { name: 'correlation_id', type: 'STRING', nullable: false, data: metas(events, 'correlationId') },
    { name: 'causation_id', type: 'STRING', data: metas(events, 'causationId') },
    { name: 'traceparent', type: 'STRING', data: metas(events, 'traceparent') },
    {
      name: 'imported',
      type: 'BOOLEAN',
      nullable: false,
      data: events.map(({ meta }) => meta.imported === true),
    },
    { name: 'data', type: 'STRING', nullable: false, data: events.map(({ data }) => JSON.stringify(data)) },
  ]
}

function metas(
  events: readonly Envelope[],
  field: 'correlationId' | 'causationId' | 'traceparent',
): (string | undefined)[] {
  return events.map(({ meta }) => meta[field])
}
