import { type FieldDefinitionNode, Kind, parse, visit } from 'graphql'
import type { CompositionProblem, SubgraphSource } from '../composition-problem.ts'
import { locateSdl } from '../sdl.ts'

/** Mutations that say they emit an event nobody declared, and mutations that do not say what they emit. */
export function checkEmits(
  sources: readonly SubgraphSource[],
  declared: ReadonlySet<string>,
): readonly CompositionProblem[] {
  return sources.flatMap((source) => {
    return mutationsOf(source.sdl).flatMap((field) =>
      problemsOf(field, declared).map((problem) => ({
        ...problem,
        subgraph: source.name,
        ...locateSdl(source.sdl, field.name.loc?.startToken.line ?? 1),
      })),
    )
  })
}

function mutationsOf(sdl: string): readonly FieldDefinitionNode[] {
  const fields: FieldDefinitionNode[] = []
  visit(parse(sdl), {
    ObjectTypeDefinition: (type) =>
      void (type.name.value === 'Mutation' && fields.push(...(type.fields ?? []))),
    ObjectTypeExtension: (type) =>
      void (type.name.value === 'Mutation' && fields.push(...(type.fields ?? []))),
  })
  return fields
}

type Problem = Pick<CompositionProblem, 'code' | 'message' | 'hint'>

function problemsOf(field: FieldDefinitionNode, declared: ReadonlySet<string>): readonly Problem[] {
  const names = emittedBy(field)
  if (!names) {
    const message = `Mutation.${field.name.value} does not say which events it leads to.`
    return [{ code: 'EMITS_MISSING', message, hint: 'Add @emits(events: [...]); an empty list says: none.' }]
  }
  return names
    .filter((name) => !declared.has(name))
    .map((name) => ({
      code: 'EMITS_UNKNOWN',
      message: `Mutation.${field.name.value} says that it emits "${name}", which schema/events.graphql does not declare.`,
      hint: 'Correct the name, or declare the event.',
    }))
}

function emittedBy(field: FieldDefinitionNode): readonly string[] | undefined {
  const emits = field.directives?.find(({ name }) => name.value === 'emits')
  const list = emits?.arguments?.find(({ name }) => name.value === 'events')?.value
  if (list?.kind !== Kind.LIST) return undefined
  return list.values.flatMap((value) => (value.kind === Kind.STRING ? [value.value] : []))
}
