/** More words narrow nothing that a shopper would notice, but each costs a pass over the index. */
const MAX_WORDS = 8
const MAX_WORD_LENGTH = 40

/** The words of a text as the index knows them: lower case, no accents, no punctuation; at most 8. */
export function searchWords(text: string): readonly string[] {
  const folded = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
  const words = folded.match(/[\p{L}\p{N}]+/gu) ?? []
  return words.slice(0, MAX_WORDS).map((word) => word.slice(0, MAX_WORD_LENGTH))
}

/**
 * An FTS5 expression that holds where every word is found, longer words already by their beginning; undefined for
 * no words. Each word is a quoted string of letters and digits, so nothing typed is ever read as syntax.
 */
export function matchWords(words: readonly string[]): string | undefined {
  if (words.length === 0) return undefined
  // A single letter begins half of all words: alone it is a start of typing, among others it is a size.
  return words
    .map((word) => (word.length > 1 || words.length === 1 ? `"${word}"*` : `"${word}"`))
    .join(' AND ')
}
