import { startArchive } from '@stoa/lake/archive'
import { openBucket } from '@stoa/lake/bucket'
import type { ObjectStore } from '@stoa/lake/object-store'
import { openFolderObjects } from '@stoa/lake/object-store.folder'
import type { Clock } from '@stoa/platform/clock'
import type { EventBus } from '@stoa/platform/event-bus'
import type { Random } from '@stoa/platform/random'
import type { LakePlace } from './lake-place.ts'

export interface LakeParts {
  /** A folder is made when it is not there; a bucket is not. */
  readonly place: LakePlace
  readonly bus: EventBus
  readonly clock: Clock
  readonly random: Random
}

/**
 * Keeps every event as Parquet and JSON lines. Throws BAD_CONFIG (no such bucket, credentials, rights) and
 * STORE_UNAVAILABLE (away).
 */
export async function openLake(parts: LakeParts): Promise<AsyncDisposable> {
  const { bus, clock } = parts
  await using opening = new AsyncDisposableStack()
  const objects = await openObjects(opening, parts)
  opening.use(await startArchive({ bus, objects, clock }))
  return opening.move()
}

async function openObjects(
  owner: AsyncDisposableStack,
  { place, clock, random }: LakeParts,
): Promise<ObjectStore> {
  if (place.kind === 'folder') return await openFolderObjects({ folder: place.folder, clock, random })
  return owner.use(await openBucket({ ...place, clock, random }))
}
