import { type DocumentNode, type FieldNode, Kind, parse, visit } from 'graphql'
import { signatureOf } from '../reserved-keys.ts'

/** Names a field that an operation leads to with different arguments by what it requires. */
export type FindMixed = (document: string) => string | undefined

/**
 * Fields that require one field with different arguments, in one operation: the planner often tells one of them the
 * other's value. By the names of fields alone, whatever their types.
 */
export function createFindMixed(supergraph: DocumentNode): FindMixed {
  const required = requiredBy(supergraph)
  const signatures = new Map<string, Set<string>>()
  for (const field of [...required.values()].flat()) addTo(signatures, field.name.value, signatureOf(field))
  if (![...signatures.values()].some(({ size }) => size > 1)) return () => undefined
  return (document) => {
    const asked = new Map<string, Set<string>>()
    visit(parse(document, { noLocation: true }), {
      Field: ({ name }) => void addRequired(name.value, { required, asked, seen: new Set() }),
    })
    return [...asked].find(([, { size }]) => size > 1)?.[0]
  }
}

interface Following {
  readonly required: ReadonlyMap<string, readonly FieldNode[]>
  readonly asked: Map<string, Set<string>>
  readonly seen: Set<string>
}

/** What a field requires may have requirements, too. */
function addRequired(name: string, following: Following): void {
  const { required, asked, seen } = following
  if (seen.has(name)) return
  seen.add(name)
  for (const field of required.get(name) ?? []) {
    addTo(asked, field.name.value, signatureOf(field))
    addRequired(field.name.value, following)
  }
}

/** By the name of the field that has the requirement. */
function requiredBy(supergraph: DocumentNode): ReadonlyMap<string, readonly FieldNode[]> {
  const required = new Map<string, FieldNode[]>()
  visit(supergraph, {
    FieldDefinition({ name, directives = [] }) {
      for (const { arguments: given = [] } of directives)
        for (const { name: argument, value } of given) {
          if (argument.value !== 'requires' || value.kind !== Kind.STRING) continue
          const fields = required.get(name.value) ?? []
          required.set(name.value, fields)
          visit(parse(`{${value.value}}`, { noLocation: true }), {
            Field: (field) => void fields.push(field),
          })
        }
      return false
    },
  })
  return required
}

function addTo(map: Map<string, Set<string>>, name: string, signature: string): void {
  const known = map.get(name)
  if (known) known.add(signature)
  else map.set(name, new Set([signature]))
}
