/** Cases that went wrong once, `seed:index`, and what was wrong. A change of what is drawn gives them another meaning. */
export const KNOWN: readonly (readonly [name: string, why: string])[] = [
  ['3:38', 'generated code declared a name twice'],
]
