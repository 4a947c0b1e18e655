import {
  type DefinitionNode,
  type DocumentNode,
  type GraphQLError,
  getLocation,
  type NameNode,
} from 'graphql'
import { locateSdl } from './sdl.ts'

export interface SubgraphSource {
  readonly name: string
  readonly sdl: string
  /** Where the SDL was read from, for messages; `readTypeDefs` marks it in the SDL already. */
  readonly file?: string
  /** Where it answers GraphQL, for the supergraph. Absent: whoever serves it must know. */
  readonly url?: string
}

/** Why the parts do not make one graph. */
export interface CompositionProblem {
  /** The composer's code (`INVALID_FIELD_SHARING`), or `SYNTAX_ERROR`. */
  readonly code: string
  readonly subgraph?: string
  readonly file?: string
  /** In that file, from 1. */
  readonly line?: number
  readonly message: string
  /** What to do. */
  readonly hint: string
}

export interface ParsedSource {
  readonly source: SubgraphSource
  /** Absent when it could not be parsed. */
  readonly document: DocumentNode | undefined
}

/** Finds out where an error belongs: by its own location, or by the type or field that it names. */
export function describeProblem(error: GraphQLError, sources: readonly ParsedSource[]): CompositionProblem {
  const code = typeof error.extensions['code'] === 'string' ? error.extensions['code'] : 'SYNTAX_ERROR'
  const place = placeOf(error, suspects(error, sources))
  return {
    code,
    ...place,
    message: error.message.replace(/^\[[\w-]+\] /, ''),
    hint: HINTS[code] ?? DEFAULT_HINT,
  }
}

type Place = Pick<CompositionProblem, 'subgraph' | 'file' | 'line'>

/** The subgraphs that the error names, in its own order; all of them when it names none. */
function suspects(error: GraphQLError, sources: readonly ParsedSource[]): readonly ParsedSource[] {
  const { subgraphName } = error.extensions
  const named = sources.filter(({ source }) =>
    subgraphName === undefined ? error.message.includes(`"${source.name}"`) : source.name === subgraphName,
  )
  return named.length > 0 ? named : sources
}

function placeOf(error: GraphQLError, sources: readonly ParsedSource[]): Place {
  const [first] = sources
  const own = error.locations?.[0]?.line
  if (own !== undefined && first) return place(first.source, own)
  for (const coordinate of coordinatesIn(error.message)) {
    for (const { source, document } of sources) {
      const line = document && lineOf(document, coordinate)
      if (line !== undefined) return place(source, line)
    }
  }
  return sources.length === 1 && first ? { subgraph: first.source.name, ...fileOf(first.source) } : {}
}

function place(source: SubgraphSource, line: number): Place {
  const located = locateSdl(source.sdl, line)
  return { subgraph: source.name, ...fileOf(source), ...located }
}

function fileOf(source: SubgraphSource): Place {
  return source.file === undefined ? {} : { file: source.file }
}

/** `"Product.name"` before `"Product"`: whatever a message puts in quotes that could be a type or a field. */
function coordinatesIn(message: string): readonly string[] {
  const quoted = [...message.matchAll(/"(\w+(?:\.\w+)?)/g)].map(([, name = '']) => name)
  return quoted.toSorted((a, b) => Number(b.includes('.')) - Number(a.includes('.')))
}

function lineOf(document: DocumentNode, coordinate: string): number | undefined {
  const [typeName, fieldName] = coordinate.split('.')
  const names = document.definitions
    .filter((definition) => 'name' in definition && definition.name?.value === typeName)
    .flatMap((definition) => (fieldName ? memberNames(definition) : nameOf(definition)))
  const location = names.find((name) => !fieldName || name.value === fieldName)?.loc
  return location && getLocation(location.source, location.start).line
}

function memberNames(definition: DefinitionNode): readonly NameNode[] {
  return 'fields' in definition ? (definition.fields ?? []).map(({ name }) => name) : []
}

function nameOf(definition: DefinitionNode): readonly NameNode[] {
  return 'name' in definition && definition.name ? [definition.name] : []
}

const DEFAULT_HINT = 'Compare the definitions that the message names; they must agree in every subgraph.'

const HINTS: Readonly<Record<string, string>> = {
  SYNTAX_ERROR: 'Correct the SDL at this line.',
  INVALID_GRAPHQL:
    'Correct the SDL at this line: every type and directive must be declared here or imported by @link.',
  INVALID_FIELD_SHARING:
    'Let one subgraph own the field, or mark it @shareable in every subgraph that resolves it.',
  FIELD_TYPE_MISMATCH: 'Give the field the same type in every subgraph; they may differ in nullability only.',
  TYPE_KIND_MISMATCH: 'Rename the type in one of the subgraphs, or declare it as the same kind in both.',
  KEY_INVALID_FIELDS: 'Name only fields that this type has in this subgraph.',
  EXTERNAL_UNUSED: 'Remove the field, or use it in a @requires, @provides or @key of this subgraph.',
  SATISFIABILITY_ERROR: 'Give the type a @key that both subgraphs know, or move the field.',
  CONTEXT_NOT_SUPPORTED:
    'Name what the field needs by @requires, or let it be an ordinary argument that clients give.',
  NO_QUERIES: 'Declare at least one field of Query in some subgraph.',
  ENUM_VALUE_MISMATCH: 'An enum that goes in and out must have the same values in every subgraph.',
  EXTERNAL_ARGUMENT_MISSING: 'Repeat the arguments that the owning subgraph declares.',
}
