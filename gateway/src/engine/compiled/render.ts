import type { FragmentText, Ref } from './link.ts'

/** The whole answer's text. */
export function renderAnswer(answer: readonly (string | number)[], { f }: Ref): string {
  let text = '{"data":{'
  for (const [i, one] of answer.entries()) {
    if (i > 0) text += ','
    text += typeof one === 'string' ? one : fragmentText(f, one)
  }
  return `${text}}}`
}

/** A fragment with its holes filled. What many objects share is made once. */
function fragmentText(fragments: FragmentText[], index: number): string {
  const fragment = fragments[index]
  if (typeof fragment === 'string') return fragment
  const text = fill(fragment ?? [])
  fragments[index] = text
  return text
}

function fill(pieces: readonly (string | number | FragmentText[] | null)[]): string {
  let text = ''
  for (let i = 0; i < pieces.length; i += 3) {
    const hole = pieces[i + 1]
    text += pieces[i]
    if (Array.isArray(hole)) text += fragmentText(hole, Number(pieces[i + 2]))
  }
  return text
}
