/** An expression that tells values apart that name an entity. One is quickest as it is. */
export function nameCode(values: readonly string[]): string {
  const [first, ...more] = values
  if (first === undefined) return "''"
  return more.length === 0 ? `keyOf(${first})` : values.map((value) => `nameOf(${value})`).join(' + ')
}
