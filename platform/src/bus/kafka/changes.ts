import type { ConsumerChange } from '../bus-log.ts'
import { type ConsumerState, type StateWord, waitingId } from './state.ts'

/**
 * What one consumer notes, as words under its fence. The cursor comes last: whatever part of them gets through, every event
 * below the cursor is handled, waiting or dead.
 */
export function changeWords(change: ConsumerChange, state: ConsumerState | undefined): readonly StateWord[] {
  const { consumer, fence } = change.lease
  const word = (kind: StateWord['kind'], id: string, value: unknown): StateWord => ({
    consumer,
    kind,
    id,
    fence,
    value,
  })
  const { cursor } = change
  return [
    ...change.put.map((waiting) => word('waiting', waitingId(waiting), waiting)),
    ...change.dead.map((dead) => word('dead', dead.id, dead)),
    ...change.replays.map(({ run, cursor: at }) => {
      const replay = state?.replays.get(run)
      return word('replay', run, replay && at !== undefined ? { ...replay, cursor: at } : undefined)
    }),
    ...change.drop.map((key) => word('waiting', waitingId(key), undefined)),
    ...(cursor === undefined || cursor === state?.cursor ? [] : [word('cursor', '', cursor)]),
  ]
}
