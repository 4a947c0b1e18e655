/** What the products of one category are made from. */
export interface CategoryPlan {
  readonly handle: string
  readonly name: string
  readonly department: 'clothing' | 'home' | 'outdoor'
  /** Three letters that begin its SKUs. */
  readonly code: string
  /** What there is, and what each can be made of: no wine glass of enamel. */
  readonly goods: readonly (readonly [noun: string, materials: readonly string[]])[]
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
