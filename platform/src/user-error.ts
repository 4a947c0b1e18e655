/** A refusal as the domain makes it: a code of docs/errors.md, a message, and what it knows besides. */
export interface Refusal {
  readonly code: string
  readonly message: string
  readonly path?: readonly (string | number)[]
}

/**
 * A refusal as the graph shows it in `userErrors`. Name the type that implements `UserError` when the
 * refusal carries data of its own; the data then travels along.
 */
export function toUserError<R extends Refusal, T extends string = 'SimpleUserError'>(
  refusal: R,
  typename?: T,
): Omit<R, 'path'> & { readonly __typename: T | 'SimpleUserError'; readonly path: readonly string[] | null } {
  return { ...refusal, __typename: typename ?? 'SimpleUserError', path: refusal.path?.map(String) ?? null }
}
