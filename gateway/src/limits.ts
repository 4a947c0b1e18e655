/** How much one document may ask for, whoever wrote it. Counted with fragments expanded, except tokens and directives. */
export interface DocumentLimits {
  readonly tokens: number
  /** Fields inside fields. */
  readonly depth: number
  readonly selections: number
  readonly aliases: number
  /** The same response key again in one place. */
  readonly repeats: number
  readonly rootFields: number
  readonly directives: number
}

export interface Limits {
  /** Bytes of a request body after inflating. */
  readonly bodyBytes: number
  /** Objects and lists inside one another, in variables and in literals. */
  readonly jsonDepth: number
  readonly tokenBytes: number
  /** Milliseconds a request may take when it brings no deadline of its own. */
  readonly deadlineMs: number
  /** Prepared operations kept, by the bytes of their documents and plans; an eighth is for request bodies that lead to them. */
  readonly operationCacheBytes: number
  /** Entries of one answer's `errors`. */
  readonly errors: number
  /** Documents anyone sends. */
  readonly adHoc: DocumentLimits
  /** Documents known by id. */
  readonly trusted: DocumentLimits
}

export const defaultLimits: Limits = {
  bodyBytes: 262_144,
  jsonDepth: 32,
  tokenBytes: 8_192,
  deadlineMs: 10_000,
  operationCacheBytes: 67_108_864,
  errors: 100,
  adHoc: {
    tokens: 1_000,
    depth: 20,
    selections: 2_000,
    aliases: 100,
    repeats: 25,
    rootFields: 20,
    directives: 50,
  },
  trusted: {
    tokens: 4_000,
    depth: 30,
    selections: 8_000,
    aliases: 400,
    repeats: 100,
    rootFields: 50,
    directives: 200,
  },
}
