/** What is wrong with a pattern, and where: `detail.total[0]: Unknown operator "near"…`. */
export interface PatternProblem {
  readonly code: 'BAD_PATTERN'
  /** Fields joined by dots, elements in brackets; empty for the pattern as a whole. */
  readonly path: string
  readonly message: string
}

export interface PatternLimits {
  /** Characters of the pattern as compact JSON. EventBridge allows 2,048. */
  readonly maxLength: number
  /** Combinations that `$or` and `exists: false` multiply out to. EventBridge allows 1,000. */
  readonly maxAlternatives: number
  /** Sum over all alternatives of what each leaf element costs: 1 a literal, 2 an operator, 4 more for each `*`. */
  readonly maxComplexity: number
}

export const defaultLimits: PatternLimits = { maxLength: 2048, maxAlternatives: 1000, maxComplexity: 2000 }

export interface Problems {
  readonly found: readonly PatternProblem[]
  readonly limits: PatternLimits
  add(path: string, message: string): void
  checkLength(pattern: unknown): void
}

/** Collects everything that is wrong, so that an author sees all of it at once. */
export function createProblems(limits: PatternLimits): Problems {
  const found: PatternProblem[] = []
  function add(path: string, message: string): void {
    found.push({ code: 'BAD_PATTERN', path, message })
  }
  return {
    found,
    limits,
    add,
    checkLength(pattern) {
      const length = JSON.stringify(pattern)?.length ?? 0
      if (length <= limits.maxLength) return
      add('', `Expected at most ${limits.maxLength} characters, got ${length}. Split the rule in two.`)
    },
  }
}

/** Problems as one text, for a log line or a fault. */
export function describeProblems(problems: readonly PatternProblem[]): string {
  return problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join(' ')
}

/** A value as a message may show it. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
