import type { GremlinConnection } from './connection.ts'
import { type Traversal, writeTraversal } from './gremlin-words.ts'

/**
 * The same connection with Neptune's limits switched on, where Gremlin Server has none: a traversal that Neptune would
 * refuse or understand otherwise throws before it is sent. Read from the bytes that go over the wire.
 */
export function withNeptuneLimits(connection: GremlinConnection): GremlinConnection {
  return {
    submit(traversal) {
      const problems = findProblems(traversal)
      if (problems.length > 0) throw new Error(`Not for Neptune: ${problems.join('; ')}.`)
      return connection.submit(traversal)
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  }
}

/** What Neptune would not take as it is meant. */
export function findProblems(traversal: Traversal): readonly string[] {
  const problems: string[] = []
  const bytecode = readBytecode(writeTraversal(traversal))
  if (!bytecode) return ['it is no bytecode']
  for (const [name] of bytecode.source) {
    if (!SOURCES.has(String(name))) problems.push(`the source instruction ${name} is not used with Neptune`)
  }
  checkSteps(bytecode.steps, problems)
  return problems
}

type Instruction = readonly unknown[]

interface Code {
  readonly source: readonly Instruction[]
  readonly steps: readonly Instruction[]
}

const SOURCES: ReadonlySet<string> = new Set(['withSack', 'withSideEffect', 'withStrategies'])

/** Steps that Neptune documents as unsupported, and those that keep state or leave the graph. */
const REFUSED: ReadonlySet<string> = new Set([
  ...[
    'call',
    'connectedComponent',
    'io',
    'pageRank',
    'peerPressure',
    'program',
    'read',
    'shortestPath',
    'write',
  ],
  ...['none', 'subgraph', 'tx', 'withComputer'],
])
/** After these, `property` sets a property of an edge, which has no cardinality. */
const EDGE_STEPS: ReadonlySet<string> = new Set(['addE', 'bothE', 'E', 'inE', 'mergeE', 'outE', 'toE'])
const VERTEX_STEPS: ReadonlySet<string> = new Set([
  'addV',
  'both',
  'in',
  'inV',
  'mergeV',
  'otherV',
  'out',
  'outV',
  'V',
])

type Kind = 'edge' | 'vertex' | 'unknown'

function checkSteps(steps: readonly Instruction[], problems: string[]): void {
  let kind: Kind = 'unknown'
  for (const [name, ...values] of steps) {
    const step = String(name)
    kind = kindAfter(step, kind)
    if (REFUSED.has(step)) problems.push(`the step ${step} is not supported`)
    if (step === 'property') checkProperty(kind, values, problems)
    checkIds(step, values, problems)
    for (const value of values) checkValue(value, problems)
  }
  const looksAtAll = steps[0]?.[0] === 'V' && steps[0].length === 1 && steps[1]?.[0] !== 'hasLabel'
  if (looksAtAll) problems.push('V() looks at everything')
}

function kindAfter(step: string, kind: Kind): Kind {
  if (EDGE_STEPS.has(step)) return 'edge'
  return VERTEX_STEPS.has(step) ? 'vertex' : kind
}

function checkIds(step: string, values: readonly unknown[], problems: string[]): void {
  if (step !== 'V' && step !== 'E' && step !== 'hasId') return
  const isId = (value: unknown): boolean => typeof value === 'string' || typeOf(value) === 'g:P'
  if (!values.every(isId)) problems.push(`${step} has an id that is no string`)
}

function checkProperty(
  kind: 'edge' | 'vertex' | 'unknown',
  values: readonly unknown[],
  problems: string[],
): void {
  const stated = typeOf(values[0]) === 'g:Cardinality' ? contentOf(values[0]) : undefined
  if (kind === 'unknown') problems.push('property of who knows what')
  if (kind === 'edge' && stated !== undefined) problems.push('an edge has no cardinality')
  if (kind === 'vertex' && stated !== 'single') problems.push('a cardinality other than single, or none')
}

/** What stands inside a step: other traversals, and maps that make vertices and edges. */
function checkValue(value: unknown, problems: string[]): void {
  const type = typeOf(value)
  if (type === 'g:Lambda') problems.push('a lambda')
  if (type === 'g:Binding') problems.push('a variable')
  const bytecode = readBytecode(value)
  if (bytecode) checkSteps(bytecode.steps, problems)
  else if (type === 'g:Map') checkMap(listOf(value), problems)
  else if (type === 'g:List' || type === 'g:Set') for (const item of listOf(value)) checkValue(item, problems)
}

/** In one that makes an element, ids are strings, and no property is set: no cardinality is said there. */
function checkMap(entries: readonly unknown[], problems: string[]): void {
  const makes = entries.some((key, index) => index % 2 === 0 && typeOf(key) === 'g:T')
  if (!makes) for (const entry of entries) checkValue(entry, problems)
  if (!makes) return
  for (let index = 0; index < entries.length; index += 2) {
    const [key, value] = [entries[index], entries[index + 1]]
    const isId = (typeOf(key) === 'g:T' && contentOf(key) === 'id') || typeOf(key) === 'g:Direction'
    if (isId && typeof value !== 'string') problems.push('an id that is no string')
    if (typeof key === 'string') problems.push(`the property ${key} without its cardinality`)
  }
}

function readBytecode(value: unknown): Code | undefined {
  if (typeOf(value) !== 'g:Bytecode') return undefined
  const code = contentOf(value)
  if (typeof code !== 'object' || code === null) return undefined
  const source = 'source' in code ? toInstructions(code.source) : []
  return { source, steps: 'step' in code ? toInstructions(code.step) : [] }
}

function toInstructions(value: unknown): readonly Instruction[] {
  return Array.isArray(value) ? value.filter((item) => Array.isArray(item)) : []
}

function typeOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && '@type' in value ? String(value['@type']) : undefined
}

function contentOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && '@value' in value ? value['@value'] : undefined
}

function listOf(value: unknown): readonly unknown[] {
  const list = contentOf(value)
  return Array.isArray(list) ? list : []
}
