import {
  type GraphQLLeafType,
  type GraphQLOutputType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql'

/** Lines that check a value, and an expression for what a client may see of it. */
export interface Checked {
  readonly lines: readonly string[]
  readonly shown: string
}

export interface CheckParts {
  /** A call that takes an object. */
  object(type: GraphQLOutputType, value: string): string
  /** A set of names that are known beforehand. */
  names(values: readonly string[]): string
}

/** Code that checks the value of a variable, throwing for one that a client must not see as it stands. */
export function emitCheck(type: GraphQLOutputType, value: string, parts: CheckParts): Checked {
  const isNullable = !isNonNullType(type)
  const present = isNullable ? type : type.ofType
  if (isListType(present)) return emitList({ value, item: present.ofType, isNullable }, parts)
  if (isLeafType(present)) return emitLeaf({ value, type: present, isNullable }, parts)
  const call = parts.object(present, value)
  const shown = `${value}s`
  return { lines: [`const ${shown} = ${isNullable ? `${value} === null ? null : ` : ''}${call};`], shown }
}

interface LeafCheck {
  readonly value: string
  readonly type: GraphQLLeafType
  readonly isNullable: boolean
}

function emitLeaf({ value, type, isNullable }: LeafCheck, parts: CheckParts): Checked {
  const wrong = isEnumType(type)
    ? `!${parts.names(type.getValues().map(({ name }) => name))}.has(${value})`
    : WRONG[type.name]?.(value)
  const unlessNull = isNullable ? `${value} !== null && ` : ''
  if (wrong) return { lines: [`if (${unlessNull}${wrong}) throw DEVIATION;`], shown: value }
  const shown = `${value}s`
  const lines = [`const ${shown} = held(${value});`]
  return { lines: isNullable ? lines : [...lines, `if (${shown} === null) throw DEVIATION;`], shown }
}

/** An id that comes as a number would have to be made a string, so it deviates. */
const WRONG: Readonly<Record<string, (value: string) => string>> = {
  Boolean: (value) => `typeof ${value} !== 'boolean'`,
  Float: (value) => `!Number.isFinite(${value})`,
  ID: (value) => `typeof ${value} !== 'string'`,
  Int: (value) => `(typeof ${value} !== 'number' || (${value} | 0) !== ${value})`,
  String: (value) => `typeof ${value} !== 'string'`,
}

interface ListCheck {
  readonly value: string
  readonly item: GraphQLOutputType
  readonly isNullable: boolean
}

/** Lists are made anew: a subgraph may change those it gave. */
function emitList({ value, item, isNullable }: ListCheck, parts: CheckParts): Checked {
  const [shown, at, one] = [`${value}s`, `${value}i`, `${value}e`]
  const inner = emitCheck(item, one, parts)
  const lines = [
    `if (!Array.isArray(${value})) throw DEVIATION;`,
    `${shown} = [];`,
    `for (let ${at} = 0; ${at} < ${value}.length; ${at} += 1) {`,
    `const ${one} = ${value}[${at}];`,
    ...inner.lines,
    `${shown}.push(${inner.shown});`,
    '}',
  ]
  const all = isNullable ? [`if (${value} !== null) {`, ...lines, '}'] : lines
  return { lines: [`let ${shown} = null;`, ...all], shown }
}
