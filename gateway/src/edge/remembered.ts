/**
 * A function of short texts that many callers send alike, such as a header's value: worked out once for each. Few are
 * kept, and none that is long, so nobody can fill the memory with them. Must depend on nothing but the text.
 */
export function remembered<T>(workOut: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const value = workOut(text)
    if (value === undefined || text.length > LONGEST) return value
    if (known.size >= MOST) known.clear()
    known.set(text, value)
    return value
  }
}

const MOST = 200
const LONGEST = 200
