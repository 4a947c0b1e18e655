/** What came, for a message: at most 40 characters of it, and nothing in it that a terminal or a log would act on. */
export function quote(text: string): string {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
  return JSON.stringify(shown).replace(
    UNSEEN,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

const LONGEST = 40
/** Control characters that JSON lets through, and those that change the direction of writing. */
const UNSEEN = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g
