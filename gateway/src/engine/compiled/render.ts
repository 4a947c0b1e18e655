import type { FragmentCode, Ref, TapedAnswer } from './link.ts'

export interface Rendering {
  readonly constants: readonly string[]
  /** How many fragments an entity may have. */
  readonly width: number
  /** Every entity of the request, by number. */
  readonly refs: readonly Ref[]
  /** Answers as text, one character for each byte. */
  readonly texts: Map<TapedAnswer, string>
}

/** The whole answer's text. */
export function renderAnswer(rendering: Rendering, answer: readonly (string | number)[], root: Ref): string {
  let text = '{"data":{'
  for (const [i, one] of answer.entries()) {
    if (i > 0) text += ','
    text += typeof one === 'string' ? one : fragmentText(rendering, root, one)
  }
  return `${text}}}`
}

/** A fragment with its holes filled. What many objects share is made once. */
function fragmentText(rendering: Rendering, ref: Ref, index: number): string {
  const fragment = ref.f[index]
  if (typeof fragment === 'string') return fragment
  const text = fragment
    ? play(rendering, fragment)
    : ref.whole(ref, (part) => fragmentText(rendering, ref, part))
  ref.f[index] = text
  return text
}

function sourceOf({ texts }: Rendering, answer: TapedAnswer): string {
  const known = texts.get(answer)
  if (known !== undefined) return known
  const text = answer.bytes.toString('latin1')
  texts.set(answer, text)
  return text
}

function play(rendering: Rendering, { answer, from, to }: FragmentCode): string {
  const { constants, width, refs } = rendering
  const { ints } = answer
  const source = sourceOf(rendering, answer)
  let text = ''
  for (let at = from; at < to; at += 1) {
    const code = ints[at] ?? 0
    if (code >= 0) {
      at += 1
      text += source.slice(code, ints[at])
    } else if (code % 2 !== 0) text += constants[(-1 - code) / 2]
    else {
      const hole = (-2 - code) / 2
      const ref = refs[Math.floor(hole / width)]
      if (ref) text += fragmentText(rendering, ref, hole % width)
    }
  }
  return text
}
