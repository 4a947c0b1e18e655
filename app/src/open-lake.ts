import { resolve } from 'node:path'
import { startArchive } from '@stoa/lake/archive'
import { openFolderObjects } from '@stoa/lake/object-store.folder'
import type { Clock } from '@stoa/platform/clock'
import type { EventBus } from '@stoa/platform/event-bus'
import type { Random } from '@stoa/platform/random'

export interface LakeParts {
  /** Made when it is not there. */
  readonly folder: string
  readonly bus: EventBus
  readonly clock: Clock
  readonly random: Random
}

/** Keeps every event in a folder, as Parquet and JSON lines. */
export async function openLake({ folder, bus, clock, random }: LakeParts): Promise<AsyncDisposable> {
  const objects = await openFolderObjects({ folder: resolve(folder), clock, random })
  return await startArchive({ bus, objects, clock })
}
