/**
 * PostgreSQL's text has no NUL. It is written as two characters, and so is the one that marks it; the order by
 * UTF-8 bytes stays the same, as \0 < \1 becomes \1\1 < \1\2 and both stay below everything else.
 */
export function toSqlText(text: string): string {
  if (!text.includes('\0') && !text.includes(MARK)) return text
  return text.replaceAll(MARK, `${MARK}\x02`).replaceAll('\0', MARK + MARK)
}

export function fromSqlText(text: string): string {
  if (!text.includes(MARK)) return text
  return text.replace(MARKED, (pair) => (pair === MARK + MARK ? '\0' : MARK))
}

const MARK = '\x01'
const MARKED = new RegExp(`${MARK}.`, 'gs')
