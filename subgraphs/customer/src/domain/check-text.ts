/** Trimmed and in one piece; undefined when it is empty, too long or has control characters. */
export function cleanText(text: string, longest: number): string | undefined {
  const clean = text.trim().normalize('NFC')
  return clean.length >= 1 && clean.length <= longest && !/\p{Cc}/u.test(clean) ? clean : undefined
}
