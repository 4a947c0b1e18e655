/** For what can only be false if we made a mistake: a bug, not a refusal and not a fault. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`)
}

/** Closes an exhaustive switch: the compiler complains here when a case is missing. */
export function unreachable(value: never): never {
  throw new Error(`Invariant broken: no case for ${JSON.stringify(value)}`)
}
