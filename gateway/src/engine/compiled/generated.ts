import type { PlaceItems } from './items.ts'

/** Generated functions and how they belong together; the two `link.ts` make them run. Pure data. */
export interface Generated {
  readonly functions: readonly GeneratedFunction[]
  /** Kinds of entities: places of one type with the same needs. */
  readonly groups: readonly Group[]
  /** Function for each of the root's parts. */
  readonly roots: readonly string[]
  /** How the answer's outermost object is put together. */
  readonly root: PlaceItems
  readonly rootCode: string
  /** How many kinds of entities are remembered to be used again. */
  readonly stores: number
  readonly constants: readonly string[]
}

export interface GeneratedFunction {
  readonly name: string
  readonly parameters: string
  readonly body: string
  /** Functions that go with it: their names begin what its name ends. `$` stands for its name, here and there. */
  readonly beside?: readonly GeneratedFunction[]
}

export interface Group {
  /** How many values name an entity. */
  readonly keys: number
  /** How many more become known when other parts arrive. */
  readonly more: number
  readonly fragments: number
  /** Code for an object that follows from its key alone. */
  readonly whole: string | undefined
  readonly parts: readonly GroupPart[]
}

export interface GroupPart {
  readonly batch: number
  /** Expression that tells different representations of `r` apart, undefined while something is missing. */
  readonly key: string
  /** Expression for the representation of `r` with this `key`. */
  readonly representation: string
  /** Function that takes the entity. */
  readonly take: string
  /** Function for an entity that was not found. */
  readonly none: string
  readonly reuse: PartReuse | undefined
}

/** Where the entity may be known from already. */
export interface PartReuse {
  readonly store: number
  /** Expression for the key of `r` in the store. */
  readonly key: string
  /** Expression for a function that takes what is `known` in the run `run` of the entity `r`. */
  readonly take: string
}

/** The parts of groups as code that `Program` describes. */
export function groupsCode(groups: readonly Group[]): string {
  return `[${groups.map(({ parts }) => `{ parts: [${parts.map(partCode).join()}] }`).join()}]`
}

function partCode({ batch, key, representation, take, none, reuse }: GroupPart): string {
  const known = reuse
    ? `{ store: ${reuse.store}, key: (r) => ${reuse.key}, take: ${reuse.take} }`
    : 'undefined'
  return `{ batch: ${batch}, key: (r) => ${key}, represent: (r, key) => ${representation}, take: ${take}, none: ${none}, reuse: ${known} }`
}

export function functionsCode(functions: readonly GeneratedFunction[]): readonly string[] {
  return functions.flatMap(({ name, parameters, body, beside = [] }) => [
    `function ${name}(${parameters}) {\n${body}\n}`,
    ...functionsCode(beside),
  ])
}
