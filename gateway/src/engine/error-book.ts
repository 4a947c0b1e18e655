import type { GraphError } from '../refusal.ts'
import type { DataObject, DataPath } from './data.ts'

/** What went wrong while fetching, kept until the answer is written and it is known where each error shows. */
export interface ErrorBook {
  /** A subgraph said what is wrong, and where. */
  place(error: GraphError, path: DataPath): void
  /** These fields of this object could not be had; whoever looks for them finds out why. */
  miss(object: DataObject, keys: Iterable<string>, error: GraphError): void
  /** Why a field is missing, if anybody knows. */
  reasonFor(object: DataObject, key: string): GraphError | undefined
  /** An error that shows where a missing field brings it up, or else at one of these places: it must not get lost. */
  mention(error: GraphError, paths: readonly DataPath[]): void
  readonly placed: readonly PlacedError[]
  /** Errors that nothing in the answer has shown yet. */
  unshown(shown: ReadonlySet<GraphError>): readonly MentionedError[]
}

export interface PlacedError {
  readonly error: GraphError
  readonly path: DataPath
}

export interface MentionedError {
  readonly error: GraphError
  readonly paths: readonly DataPath[]
}

export function createErrorBook(): ErrorBook {
  const placed: PlacedError[] = []
  const mentioned: MentionedError[] = []
  const reasons = new Map<DataObject, Map<string, GraphError>>()
  return {
    placed,
    place: (error, path) => void placed.push({ error, path }),
    miss(object, keys, error) {
      const known = reasons.get(object) ?? new Map<string, GraphError>()
      for (const key of keys) if (!known.has(key)) known.set(key, error)
      reasons.set(object, known)
    },
    reasonFor: (object, key) => reasons.get(object)?.get(key),
    mention: (error, paths) => void mentioned.push({ error, paths }),
    unshown: (shown) => mentioned.filter(({ error }) => !shown.has(error)),
  }
}
