import { buildSchema, findBreakingChanges, type GraphQLSchema, parse, validate } from 'graphql'
import type { Released } from './generate/released.ts'

/** Something that worked with the last release and would not work any more. */
export interface BreakingChange {
  /** `api`, `events`, or the head whose document breaks. */
  readonly contract: string
  readonly message: string
}

export interface Contracts {
  readonly api: string
  readonly events: string
}

/** Compares the contracts with those of the last release, and asks every released document whether it still holds. */
export function findBreaking(released: Released, current: Contracts): readonly BreakingChange[] {
  const api = buildSchema(current.api)
  return [
    ...changes('api', buildSchema(released.api), api),
    ...changes('events', eventSchema(released.events), eventSchema(current.events)),
    ...[...released.manifests].flatMap(([head, manifest]) => brokenDocuments(head, manifest, api)),
  ]
}

function changes(contract: string, before: GraphQLSchema, after: GraphQLSchema): readonly BreakingChange[] {
  return (
    findBreakingChanges(before, after)
      // A built-in scalar that nothing uses any more leaves the schema object, but nobody misses it.
      .filter(({ description }) => !description.startsWith('Standard scalar'))
      .map(({ description }) => ({ contract, message: description }))
  )
}

/** The registry has no query of its own, which graphql-js asks of a schema. */
function eventSchema(sdl: string): GraphQLSchema {
  return buildSchema(sdl, { assumeValid: true })
}

function brokenDocuments(
  head: string,
  manifest: Readonly<Record<string, string>>,
  api: GraphQLSchema,
): readonly BreakingChange[] {
  return Object.entries(manifest).flatMap(([id, text]) =>
    validate(api, parse(text)).map(({ message }) => ({
      contract: head,
      message: `${id.slice(0, 19)}…: ${message}`,
    })),
  )
}
