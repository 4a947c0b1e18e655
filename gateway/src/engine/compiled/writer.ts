/** Lines of generated code that write an answer: constant text is gathered, so that it costs no step of its own. */
export interface Writer {
  readonly lines: readonly string[]
  line(code: string): void
  /** Throws unless these very bytes come next, and passes over them. */
  expect(text: string): void
  /** Constant text of the answer. */
  text(text: string): void
  /** Text of the answer that is only known then: an expression for a string. */
  expression(code: string): void
  /** A fragment known later. */
  hole(fragment: number): void
  /** Writes a kept value, which may have holes in it. */
  put(code: string): void
  end(fragment: number): void
  /** From this position of the answer at hand on, its text is passed on. */
  startRun(position: string): void
  /** Up to the present position. */
  endRun(): void
  readonly isRunning: boolean
}

export function createWriter(isRunning: boolean): Writer {
  const lines: string[] = []
  let constant = ''
  let running = isRunning
  const plus = (): string => {
    const code = constant === '' ? '' : `${JSON.stringify(constant)}`
    constant = ''
    return code
  }
  const flush = (): void => {
    const code = plus()
    if (code !== '') lines.push(`acc += ${code};`)
  }
  return {
    lines,
    get isRunning() {
      return running
    },
    line: (code) => void lines.push(code),
    expect(text) {
      lines.push(`if (${differs(text)}) throw DEVIATION;`, `p += ${text.length};`)
    },
    text(text) {
      constant += text
    },
    expression(code) {
      const before = plus()
      lines.push(`acc += ${before === '' ? '' : `${before} + `}${code};`)
    },
    hole(fragment) {
      const before = plus()
      lines.push(`out.push(acc${before === '' ? '' : ` + ${before}`}, r.f, ${fragment}); acc = '';`)
    },
    put(code) {
      flush()
      lines.push(`put(${code});`)
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
      if (running) lines.push('acc += S.slice(mark, p);')
      running = false
    },
  }
}

/** Names of GraphQL are ASCII, so characters and bytes are the same. */
function differs(text: string): string {
  return [...text].map((char, i) => `b[p + ${i}] !== ${char.charCodeAt(0)}`).join(' || ')
}
