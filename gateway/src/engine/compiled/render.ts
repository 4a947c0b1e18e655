import { createAnswerWriter } from './answer-writer.ts'
import type { ByteProgram, ByteRun, FragmentCode, Ref, Section, TapedAnswer } from './byte-program.ts'
import type { Item } from './items.ts'

/** Shared by all operations: an answer is written from its first byte to its last without waiting. */
const out = createAnswerWriter()

/** The whole answer as JSON: one character for each byte, or the bytes where there are many. */
export function renderAnswer(program: ByteProgram, run: ByteRun, root: readonly Item[]): string | Buffer {
  const rendering: Rendering = { program, run, fragment: (ref, index) => putFragment(rendering, ref, index) }
  out.text('{"data":{')
  for (const [i, item] of root.entries()) {
    if (i > 0) out.text(',')
    if (item.kind === 'text') out.text(`${JSON.stringify(item.key)}:${item.json}`)
    if (item.kind === 'hole') putFragment(rendering, run.root, item.fragment)
  }
  out.text('}}')
  return out.finish()
}

interface Rendering {
  readonly program: ByteProgram
  readonly run: ByteRun
  fragment(ref: Ref, index: number): void
}

/** A fragment with its holes filled. What many objects share is put together once. */
function putFragment(rendering: Rendering, ref: Ref, index: number): void {
  const fragment = ref.f[index]
  if (typeof fragment === 'string') out.text(fragment)
  else if (fragment && 'start' in fragment) out.again(fragment.start, fragment.end)
  else {
    const start = out.length()
    if (fragment) play(rendering, fragment, fragment.answer.ints)
    else ref.whole(ref, out.text, rendering.fragment)
    ref.f[index] = { start, end: out.length() }
  }
}

type Stretch = Pick<FragmentCode, 'answer' | 'from' | 'to'>

function play(rendering: Rendering, { answer, from, to }: Stretch, ints: Int32Array): void {
  for (let at = from; at < to; at += 1) {
    const code = ints[at] ?? 0
    if (code >= 0) {
      at += 1
      out.bytes(answer, code, ints[at] ?? code)
    } else putCode(rendering, code)
  }
}

/** See the table in `tape.ts`. */
function putCode(rendering: Rendering, code: number): void {
  const { program, run } = rendering
  const kind = (-1 - code) % 3
  const index = (-1 - code - kind) / 3
  if (kind === 0) out.text(program.constants[index] ?? '')
  else if (kind === 2) putSection(rendering, run.sections[index])
  else {
    const ref = run.refs[Math.floor(index / program.width)]
    if (ref) putFragment(rendering, ref, index % program.width)
  }
}

function putSection(rendering: Rendering, section: Section | undefined): void {
  if (!section) return
  if (section.end > 0) out.again(section.start, section.end)
  else {
    section.start = out.length()
    play(rendering, section, intsOf(section.answer))
    section.end = out.length()
  }
}

function intsOf({ repeated, ints }: TapedAnswer): Int32Array {
  return repeated ?? ints
}
