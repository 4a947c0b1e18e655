import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { GraphQLError, type GraphQLSchema, parse, print, validate } from 'graphql'
import type { CompositionProblem } from '../composition-problem.ts'
import { operationNameOf } from '../documents.ts'
import type { Artifact } from './artifact.ts'

/** One operation of a head, as it was written. */
export interface DocumentSource {
  readonly head: string
  /** From the root of the repository. */
  readonly file: string
  readonly text: string
}

/** Every `schema/documents/<head>/*.graphql`. */
export function readDocumentSources(root: URL): readonly DocumentSource[] {
  const folder = new URL('schema/documents/', root)
  const heads = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return heads
    .map(({ name }) => name)
    .sort()
    .flatMap((head) => {
      const names = readdirSync(new URL(`${head}/`, folder)).filter((name) => name.endsWith('.graphql'))
      return names.sort().map((name) => ({
        head,
        file: `schema/documents/${head}/${name}`,
        text: readFileSync(new URL(`${head}/${name}`, folder), 'utf8'),
      }))
    })
}

/** A head's documents by id. */
export type Manifest = Readonly<Record<string, string>>

/**
 * A manifest per head: the id is the hash of the text, and the text is what is sent for planning.
 * What the last release knew stays in, because heads in the field go on sending it.
 */
export function manifests(
  sources: readonly DocumentSource[],
  released: ReadonlyMap<string, Manifest>,
): readonly Artifact[] {
  const heads = Object.groupBy(sources, ({ head }) => head)
  return Object.entries(heads).map(([head, documents = []]) => {
    const current = Object.fromEntries(documents.map(({ text }) => entryOf(print(parse(text)))))
    const content = `${JSON.stringify({ ...current, ...released.get(head) }, undefined, 2)}\n`
    return { path: manifestPath(head), content }
  })
}

export function manifestPath(head: string): string {
  return `schema/documents/${head}.json`
}

function entryOf(text: string): readonly [id: string, text: string] {
  return [`sha256:${createHash('sha256').update(text).digest('hex')}`, text]
}

/** Documents that the API does not answer, and names that are used twice. */
export function checkDocuments(
  sources: readonly DocumentSource[],
  api: GraphQLSchema,
): readonly CompositionProblem[] {
  const seen = new Map<string, string>()
  return sources.flatMap((source) => {
    const problems = complaints(source, api).map((message) => problem(source, message))
    if (problems.length > 0) return problems
    const name = operationNameOf(source.text)
    const other = seen.get(name)
    seen.set(name, source.file)
    return other ? [problem(source, `The operation "${name}" is in ${other} already.`)] : []
  })
}

function complaints({ text }: DocumentSource, api: GraphQLSchema): readonly string[] {
  try {
    operationNameOf(text)
    return validate(api, parse(text)).map(
      ({ message, locations }) => `line ${locations?.[0]?.line ?? '?'}: ${message}`,
    )
  } catch (error) {
    if (error instanceof GraphQLError || error instanceof Error) return [error.message]
    throw error
  }
}

function problem({ file }: DocumentSource, message: string): CompositionProblem {
  const hint =
    'A head in the field may still send it: keep the API compatible, or release a new version of the head.'
  return { code: 'DOCUMENT_INVALID', file, message, hint }
}
