/** Parses JSON of ours and freezes it to its depth: what is stored can be handed out without a copy. */
export function parseFrozen<T extends object>(text: string): T {
  return deepFreeze(JSON.parse(text))
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner)
  return Object.freeze(value)
}
