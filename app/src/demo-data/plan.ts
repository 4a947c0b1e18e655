/** What the products of one category are made from. */
export interface CategoryPlan {
  readonly handle: string
  readonly name: string
  readonly department: string
  /** Three letters that begin its SKUs. */
  readonly code: string
  readonly nouns: readonly string[]
  readonly materials: readonly string[]
  readonly colours: readonly string[]
  readonly sizes: readonly string[]
  /** Lowest and highest price, whole euros. */
  readonly price: readonly [number, number]
  readonly numbers: readonly NumberPlan[]
  readonly choices: readonly ChoicePlan[]
  readonly flags: readonly { readonly name: string; readonly label: string }[]
}

export interface NumberPlan {
  readonly name: string
  readonly label: string
  readonly unit: string
  readonly range: readonly [number, number]
}

export interface ChoicePlan {
  readonly name: string
  readonly label: string
  readonly values: readonly string[]
}
