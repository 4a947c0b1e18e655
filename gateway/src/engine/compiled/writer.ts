/** Lines of generated code that write on the tape: constant text is gathered, so that it costs one step. */
export interface Writer {
  readonly lines: readonly string[]
  line(code: string): void
  /** Throws unless these very bytes come next, and passes over them. */
  expect(text: string): void
  /** Constant text of the answer. */
  text(text: string): void
  /** Text of the answer at hand that was passed before. */
  run(from: string, to: string): void
  /** A fragment known later. */
  hole(fragment: number): void
  /** What was set aside. */
  append(code: string): void
  /** What was written since the last one is this fragment. */
  end(fragment: number): void
  /** From this position of the answer at hand on, its text is passed on. */
  startRun(position: string): void
  /** Up to the present position. */
  endRun(): void
  readonly isRunning: boolean
}

/** `constant` gives the number of a constant text. */
export function createWriter(isRunning: boolean, constant: (text: string) => number): Writer {
  const lines: string[] = []
  let waiting = ''
  let running = isRunning
  const flush = (): void => {
    if (waiting !== '') lines.push(`text(${constant(waiting)});`)
    waiting = ''
  }
  return {
    lines,
    get isRunning() {
      return running
    },
    line: (code) => void lines.push(code),
    expect(text) {
      lines.push(`if (${differs(text)}) throw DEVIATION; // ${text}`, `p += ${text.length};`)
    },
    text(text) {
      waiting += text
    },
    run(from, to) {
      flush()
      lines.push(`run(${from}, ${to});`)
    },
    hole(fragment) {
      flush()
      lines.push(`hole(r, ${fragment});`)
    },
    append(code) {
      flush()
      lines.push(`append(${code});`)
    },
    end(fragment) {
      flush()
      lines.push(`r.f[${fragment}] = done();`)
    },
    startRun(position) {
      flush()
      lines.push(`mark = ${position};`)
      running = true
    },
    endRun() {
      if (running) lines.push('run(mark, p);')
      running = false
    },
  }
}

/** Names of GraphQL are ASCII, so characters and bytes are the same. They are compared by fours, the last with some once more. */
function differs(text: string): string {
  const bytes = Buffer.from(text)
  if (text.length < 4) return [...bytes].map((byte, i) => `b[p + ${i}] !== ${byte}`).join(' || ')
  const places = Array.from({ length: Math.ceil(text.length / 4) }, (_, i) =>
    Math.min(i * 4, text.length - 4),
  )
  return places.map((at) => `V.getInt32(p + ${at}, true) !== ${bytes.readInt32LE(at)}`).join(' || ')
}
