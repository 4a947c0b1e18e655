import { type DirectiveNode, type DocumentNode, type FieldNode, Kind, parse, print, visit } from 'graphql'

/**
 * Response keys under which the planner asks for fields by itself, because they are in a `@key` or a `@requires`: what
 * stands there, as `signatureOf` has it, or undefined where several requirements ask for the same field differently.
 */
export type ReservedKeys = ReadonlyMap<string, string | undefined>

export function readReservedKeys(supergraph: DocumentNode): ReservedKeys {
  const reserved = new Map<string, string | undefined>([['__typename', '__typename']])
  const add = (field: FieldNode): void => {
    const signature = signatureOf(field)
    const name = field.name.value
    reserved.set(name, reserved.has(name) && reserved.get(name) !== signature ? undefined : signature)
  }
  for (const text of requiredSelections(supergraph))
    visit(parse(`{${text}}`, { noLocation: true }), { Field: add })
  return reserved
}

/** A field and its arguments, whatever their order: two with the same have the same value. */
export function signatureOf({ name, arguments: given }: FieldNode): string {
  if (!given || given.length === 0) return name.value
  return `${name.value}(${given
    .map((argument) => print(argument))
    .sort()
    .join()})`
}

function requiredSelections(supergraph: DocumentNode): ReadonlySet<string> {
  const texts = new Set<string>()
  visit(supergraph, {
    Directive(node) {
      const argument = SELECTION_IN[node.name.value]
      const text = argument === undefined ? undefined : textOf(node, argument)
      if (text !== undefined) texts.add(text)
    },
  })
  return texts
}

const SELECTION_IN: Readonly<Record<string, string>> = { join__field: 'requires', join__type: 'key' }

function textOf(node: DirectiveNode, name: string): string | undefined {
  const value = node.arguments?.find((argument) => argument.name.value === name)?.value
  return value?.kind === Kind.STRING ? value.value : undefined
}
