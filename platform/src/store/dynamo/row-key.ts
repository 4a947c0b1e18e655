/** The table is escaped so that `a` + `b#c` is not `a#b` + `c`. */
export function homeOf({ table, partition }: { table: string; partition: string }): string {
  // Asking is far cheaper than escaping, and nearly every name is plain.
  return `${PLAIN.test(table) ? table : encodeURIComponent(table)}#${partition}`
}

const PLAIN = /^[\w.-]+$/

/** The sort key is marked because it may be empty. */
export function sortMark(sort: string): string {
  return `.${sort}`
}
