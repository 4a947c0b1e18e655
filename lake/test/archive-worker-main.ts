import { S3Client } from '@aws-sdk/client-s3'
import { systemClock } from '@stoa/platform/clock'
import { openSqliteBus } from '@stoa/platform/event-bus.sqlite'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { startArchive } from '../src/archive.ts'
import { openS3Objects } from '../src/object-store.s3.ts'

// An archive in a process of its own, to be killed: the bus in a file, the lake behind an endpoint.
const [path = '', endpoint = ''] = process.argv.slice(2)
const ports = { clock: systemClock, random: systemRandom }
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
const client = new S3Client({
  endpoint,
  region: 'eu-west-1',
  forcePathStyle: true,
  credentials,
  maxAttempts: 1,
})
const bus = await openSqliteBus({ ...ports, log: silentLog, path })
const objects = openS3Objects({ ...ports, client, bucket: 'lake' })
await startArchive({ bus, objects, clock: systemClock, limits: { maxAgeMs: 50, maxCollected: 20 } })
setInterval(() => {}, 1000)
