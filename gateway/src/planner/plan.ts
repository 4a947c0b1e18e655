/** A plan in the engine's words: what to fetch, in which order, and where it goes. Pure data. */
export type PlanNode = SequenceNode | ParallelNode | ConditionNode | RootFetchNode | EntityFetchNode

interface SequenceNode {
  readonly kind: 'sequence'
  readonly nodes: readonly PlanNode[]
}

interface ParallelNode {
  readonly kind: 'parallel'
  readonly nodes: readonly PlanNode[]
}

interface ConditionNode {
  readonly kind: 'condition'
  readonly variable: string
  readonly whenTrue: PlanNode | undefined
  readonly whenFalse: PlanNode | undefined
}

interface FetchParts {
  readonly subgraph: string
  readonly operation: string
  readonly operationName: string | undefined
  /** Client variables it uses. */
  readonly variables: readonly string[]
}

/** Asks for fields of the root; the answer is merged into the root. */
export interface RootFetchNode extends FetchParts {
  readonly kind: 'root'
  readonly outputRewrites: readonly Rewrite[]
}

/** Asks for more fields of entities found by earlier fetches; one round trip, one or more batches of them. */
export interface EntityFetchNode extends FetchParts {
  readonly kind: 'entities'
  readonly batches: readonly EntityBatch[]
}

export interface EntityBatch {
  /** Where the answer has them: `_entities`, or an alias of it. */
  readonly key: string
  readonly representationsVariable: string
  /** Where in the data so far the entities are. */
  readonly paths: readonly (readonly PathSegment[])[]
  readonly requires: readonly Requirement[]
  readonly inputRewrites: readonly Rewrite[]
  readonly outputRewrites: readonly Rewrite[]
}

export type PathSegment =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'items' }
  | { readonly kind: 'types'; readonly names: readonly string[] }

/** What an entity's representation is made of. */
export type Requirement =
  | {
      readonly kind: 'field'
      readonly name: string
      readonly from: string
      readonly inner: readonly Requirement[] | undefined
    }
  | {
      readonly kind: 'on'
      readonly type: string
      readonly inner: readonly Requirement[]
      /** Variables: left out when the first is true, or the second is not. */
      readonly skipIf: string | undefined
      readonly includeIf: string | undefined
    }

export type Rewrite =
  | { readonly kind: 'set'; readonly path: readonly RewriteSegment[]; readonly value: string }
  | { readonly kind: 'rename'; readonly path: readonly RewriteSegment[]; readonly to: string }

export type RewriteSegment =
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'types'; readonly names: readonly string[] }
