import type { DeadLetterQuery, EventBus } from '../event-bus.ts'
import type { Adoption } from './adoption.ts'
import { checkLimit, readArchive } from './archive.ts'
import type { BusParts } from './parts.ts'
import { replayTo } from './replay.ts'
import type { Saver } from './saver.ts'
import { statusOf } from './status.ts'
import type { Subscriptions } from './subscriptions.ts'

/** What operators ask of the bus. */
export type Administration = Pick<
  EventBus,
  'archive' | 'replay' | 'deadLetters' | 'redrive' | 'discard' | 'consumers'
>

interface AdministrationParts extends BusParts {
  readonly saver: Saver
  readonly adoption: Adoption
  readonly subscriptions: Subscriptions
}

const DEFAULT_DEAD_LETTERS = 100

export function createAdministration(parts: AdministrationParts): Administration {
  const { store, random, saver, adoption } = parts

  /** What is on its way to the store counts for who asks. */
  async function afterSaving<T>(ask: () => Promise<T>): Promise<T> {
    await saver.flush()
    return await ask()
  }

  /** Does it, and tells the runners of this process to look. */
  async function thenAdopt(change: () => Promise<number>): Promise<number> {
    const count = await afterSaving(change)
    adoption.kick()
    return count
  }

  return {
    archive: async (query) => await readArchive(store, query),
    replay: async (request) => await thenAdopt(() => replayTo(parts, request)),
    deadLetters: async (query = {}) => await afterSaving(() => store.deadLetters(bounded(query))),
    redrive: async (query) => await thenAdopt(() => store.redrive(bounded(query), random.uuid())),
    discard: async (query) => await afterSaving(() => store.discard(bounded(query))),
    consumers: async () => await afterSaving(() => statusOf(store, parts.subscriptions)),
  }
}

function bounded(query: DeadLetterQuery): DeadLetterQuery {
  return { ...query, limit: checkLimit(query.limit ?? (query.ids?.length || DEFAULT_DEAD_LETTERS)) }
}
